import type { Dice } from "../stand-ins/stripe/dice"

/*
 * Input that no program means: made from the schema of what is meant, by an OpenAPI document, so that it gets as far as it can.
 */

type Schema = Record<string, unknown>

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const schemasOf = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : [])

/** What fits a schema, as far as a schema tells. `components` are those of the document. */
export function sample(schema: unknown, components: Schema): unknown {
  if (!isSchema(schema)) return "abc"
  if (typeof schema.$ref === "string")
    return sample(components[schema.$ref.split("/").at(-1) ?? ""], components)
  if ("const" in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  const [first] = [...schemasOf(schema.anyOf), ...schemasOf(schema.oneOf)]
  if (first) return sample(first, components)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === "object") {
    const entries = Object.entries(isSchema(schema.properties) ? schema.properties : {})
    return Object.fromEntries(entries.map(([name, of]) => [name, sample(of, components)]))
  }
  if (type === "array") return [sample(schema.items, components)]
  if (type === "integer" || type === "number") return Number(schema.minimum ?? 1)
  if (type === "boolean") return true
  if (type === "null") return null
  if (schema.format === "email") return "fuzz@nowhere.test"
  if (schema.format === "date-time") return "2031-01-31T12:00:00Z"
  return "abcdefgh".repeat(Math.ceil(Math.max(8, Number(schema.minLength ?? 0)) / 8))
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

/** Values that are seldom meant, for any place. */
export const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  -1e308,
  2 ** 53,
  "",
  " ",
  "\0",
  "a\0b",
  "😀".repeat(300),
  "\u202e\u200b\ufeff",
  "x".repeat(20_000),
  "' OR 1=1 --",
  "../../etc/passwd",
  "<script>alert(1)</script>",
  "null",
  "__proto__",
  "constructor",
  [],
  {},
  [null],
  [[]],
  { $gt: "" },
  { $ne: null },
  [{ $gt: "" }],
  { length: 1e9 },
  { toString: 1, valueOf: 1, toJSON: 1 },
  nested(40),
  Array.from({ length: 2_000 }, () => "a"),
]

/** Bodies that differ from one that fits in one place, or in all; some may happen to fit. */
export function oddBodies(fitting: unknown): unknown[] {
  if (!isSchema(fitting)) return [...oddValues]
  const names = Object.keys(fitting)
  const without = names.map(name =>
    Object.fromEntries(Object.entries(fitting).filter(([key]) => key !== name)),
  )
  const extra = { isOperator: true, role: "owner", userId: "1", organizationId: "1", id: "1", $where: "1" }
  const changed = names.flatMap(name => [
    ...oddValues.map(value => ({ ...fitting, [name]: value })),
    ...oddBodiesInside(fitting[name]).map(value => ({ ...fitting, [name]: value })),
  ])
  return [...oddValues, ...without, ...without.map(body => ({ ...body, ...extra })), ...changed]
}

function oddBodiesInside(value: unknown): unknown[] {
  if (Array.isArray(value)) return oddBodies(value[0]).map(one => [one])
  return isSchema(value) ? oddBodies(value) : []
}

/** Any JSON at all. */
export function randomJson(dice: Dice, depth = 4): unknown {
  const kind = dice.between(0, depth > 0 ? 3 : 1)
  if (kind < 2) return dice.pick(oddValues)
  const parts = Array.from({ length: dice.between(0, 3) }, () => randomJson(dice, depth - 1))
  if (kind === 2) return parts
  return Object.fromEntries(
    parts.map((part, i) => [`${dice.pick(["email", "token", "name", "", "$in", "a.b"])}${i || ""}`, part]),
  )
}

/** Texts and bytes that are no JSON, or JSON that can be read in two ways, made from a body that fits. */
export function oddBytes(fitting: unknown): (string | Uint8Array<ArrayBuffer>)[] {
  const text = JSON.stringify(fitting)
  const [name = "a"] = isSchema(fitting) ? Object.keys(fitting) : []
  const twice = `{${JSON.stringify(name)}:1,${text.startsWith("{") && text !== "{}" ? text.slice(1) : `${JSON.stringify(name)}:2}`}`
  const withKey = (key: string) =>
    `{${JSON.stringify(key)}:{"isOperator":true}${text.startsWith("{") && text !== "{}" ? `,${text.slice(1)}` : "}"}`
  return [
    twice,
    ...["__proto__", "constructor", "prototype"].map(withKey),
    `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
    `{"a":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
    `${text}${text}`,
    text.slice(0, -1),
    `\ufeff${text}`,
    "{'a':1}",
    "undefined",
    `{"a":"\\ud800"}`,
    Uint8Array.of(0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22),
    Uint8Array.of(0x22, 0xed, 0xa0, 0xbd, 0x22),
    new Uint8Array(Buffer.from(text, "utf16le")),
    Uint8Array.of(0x1f, 0x8b, 0x08, 0, 0),
  ]
}
