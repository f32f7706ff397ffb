// What the customer's pages add to working HTML; without it nothing is missing but comfort.
import "./menu.js";
