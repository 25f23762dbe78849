export { type JsonObject, type JsonValue, toJsonDocument, writeJson } from "./json-document.ts";
export { methodsText } from "./methods.ts";
export { requireFreeFolder, type WriteOptions, writeResults } from "./write-results.ts";
