export { type JsonObject, type JsonValue, toJsonDocument, writeJson } from "./json-document.ts";
export { methodsText } from "./methods.ts";
export { requireFreeFolder, type WriteOptions } from "./write-folder.ts";
export { writeResults } from "./write-results.ts";
