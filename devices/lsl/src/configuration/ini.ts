import { LslConfigurationError } from "../errors.ts";

/** Values by `section.key`, both in lower case. */
export type IniValues = ReadonlyMap<string, string>;

/**
 * Reads the INI dialect of `lsl_api.cfg`: `[section]`, `key = value`, comments after `;` or `#` at the start of a line or
 * behind white space. An empty value is an error, as in liblsl.
 */
export function parseIni(text: string, where: string): IniValues {
  const values = new Map<string, string>();
  let section = "";
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/(^|\s)[;#].*$/, "").trim();
    if (line === "") return;
    const header = /^\[([^\]]+)\]$/.exec(line);
    if (header) {
      section = header[1]!.trim().toLowerCase();
      return;
    }
    const equals = line.indexOf("=");
    const key = line.slice(0, equals).trim();
    const value = line.slice(equals + 1).trim();
    if (equals <= 0 || key === "" || value === "")
      throw new LslConfigurationError(
        `${where}, line ${index + 1}: expected "key = value", got "${line}"; remove the line or give a value.`,
      );
    values.set(`${section}.${key.toLowerCase()}`, value);
  });
  return values;
}

/** Reads `{a, b}`, or a single value without braces. */
export function parseSet(value: string): string[] {
  const inner = /^\{(.*)\}$/s.exec(value)?.[1] ?? value;
  return inner
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
