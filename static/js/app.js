// Attaches every module of the staff pages. Each looks for its own data- attribute and works without the others.
import "./menu.js";
