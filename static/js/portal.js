// What the customer's pages add to working HTML; without it nothing is missing but comfort.
import "./busy.js";
import "./draft.js";
import "./focus.js";
import "./menu.js";
import "./upload.js";
