/** What is used here of JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** Every setting of a schema as a row of a table in Markdown: name, what it takes, default, what it is. */
export function settingsTable(schema: unknown): string {
  const rows = rowsOf(schema as Schema, "");
  return ["| setting | takes | default | |", "|---|---|---|---|", ...rows].join("\n");
}

function rowsOf(schema: Schema, path: string): string[] {
  const properties = Object.entries(schema.properties ?? {});
  return properties.flatMap(([name, property]) => {
    const full = path === "" ? name : `${path}.${name}`;
    const isNeeded = schema.required?.includes(name) === true;
    const description = asText((property.description ?? "").replace(/(?<!\.)\.$/, ""));
    const cells = [`\`${full}\``, typeOf(property), isNeeded ? "needed" : defaultOf(property), description];
    return [`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`, ...below(property, full)];
  });
}

/** The settings within a setting. */
function below(schema: Schema, path: string): string[] {
  if (schema.items !== undefined) return below(schema.items, `${path}[]`);
  const { additionalProperties } = schema;
  const named = typeof additionalProperties === "object" ? rowsOf(additionalProperties, `${path}.NAME`) : [];
  return [...rowsOf(schema, path), ...named, ...rowsOf(merged(schema.anyOf ?? []), path)];
}

/** What several forms hold together; needed is what every form needs. */
function merged(forms: readonly Schema[]): Schema {
  const settings = forms.filter(({ properties }) => properties !== undefined);
  const properties = Object.assign({}, ...settings.map((form) => form.properties)) as Record<string, Schema>;
  const required = Object.keys(properties).filter((name) =>
    settings.every((form) => form.required?.includes(name)),
  );
  return { properties, required };
}

function typeOf(schema: Schema): string {
  const { type, items, enum: choices, anyOf } = schema;
  if (schema.const !== undefined) return code(schema.const);
  if (choices !== undefined) return choices.map(code).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(" or ");
  if (type === "array")
    return schema.prefixItems
      ? `list of ${schema.prefixItems.length}`
      : `list${items === undefined || items.type === "object" ? "" : ` of ${typeOf(items)}`}`;
  if (type === "number" || type === "integer")
    return `${type === "integer" ? "whole number" : "number"}${rangeOf(schema)}`;
  if (type === "boolean") return "true or false";
  if (type === "string") return "text";
  return schema.properties || schema.additionalProperties ? "settings" : "anything";
}

function rangeOf({ type, minimum, maximum, exclusiveMinimum }: Schema): string {
  const least = exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : (minimum ?? undefined);
  // The largest whole number that a program can hold is no limit to tell.
  const isNoLimit = (value: unknown): boolean =>
    type === "integer" && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
  const parts = [
    least === undefined || isNoLimit(least) ? "" : typeof least === "string" ? least : `from ${least}`,
    maximum === undefined || isNoLimit(maximum) ? "" : `to ${maximum}`,
  ];
  const text = parts.filter((part) => part !== "").join(" ");
  return text === "" ? "" : `, ${text}`;
}

const defaultOf = (schema: Schema): string =>
  schema.default === undefined || isEmpty(schema.default) ? "" : code(schema.default);

/** Angle brackets outside code would be taken for tags. */
const asText = (text: string): string =>
  text
    .split("`")
    .map((part, i) => (i % 2 === 0 ? part.replaceAll("<", "&lt;") : part))
    .join("`");

const isEmpty = (value: unknown): boolean => JSON.stringify(value) === "{}" || JSON.stringify(value) === "[]";

const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
