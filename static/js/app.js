// Attaches every module of the staff pages. Each looks for its own data- attribute and works without the others.
import "./busy.js";
import "./clock.js";
import "./draft.js";
import "./focus.js";
import "./guard.js";
import "./keys.js";
import "./lightbox.js";
import "./lookup.js";
import "./menu.js";
import "./outline.js";
import "./palette.js";
import "./sum.js";
import "./toast.js";
import "./upload.js";
