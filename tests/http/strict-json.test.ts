import { expect, test } from "vitest"
import { readStrictJson, readStrictQuery } from "~/http/api/strict-json.server"

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map(part => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))))

const read = (body: string | Buffer) =>
  readStrictJson(
    new Request("http://localhost/api/x", { method: "POST", body: new Uint8Array(Buffer.from(body)) }),
  )

/** What is said of a body that is refused. */
async function refusal(body: string | Buffer) {
  const answer = await read(body).catch(thrown => thrown)
  if (!(answer instanceof Response)) return { status: 200, read: answer }
  const { error } = await answer.json()
  return { status: answer.status, code: error.code, fields: error.fields }
}

const invalid = (fields: Record<string, string[]>) => ({ status: 400, code: "invalid_input", fields })
const notJson = { status: 400, code: "not_json", fields: undefined }
const twice = ["This key stands more than once."]
const refused = ["This key is not accepted."]
const half = ["This holds half a character, which is no Unicode."]

test("[A1] plain JSON is read as it is", async () => {
  const values: unknown[] = [
    null,
    0,
    -1.5e300,
    "",
    'a"b\\c{}[],:\u0000😀\u2028',
    [],
    {},
    [{ a: 1 }, { a: 2 }, "a", "a"],
    { a: { a: { a: ["a", "a"] } }, b: "a", c: [[], {}, [1, 2]] },
    { "": "", "a.b": 1, toString: 1, hasOwnProperty: 2, $gt: "" },
  ]
  for (const value of values) {
    expect(await read(JSON.stringify(value))).toEqual(value)
    expect(await read(JSON.stringify(value, null, 3))).toEqual(value)
  }
  expect(await read("")).toBeUndefined()
})

test("[A1] a key that stands twice is refused, however it is spelled and however deep", async () => {
  expect(await refusal('{"role":"member","role":"owner"}')).toEqual(invalid({ role: twice }))
  expect(await refusal('{"role":"a", "\\u0072ole":"b"}')).toEqual(invalid({ role: twice }))
  expect(await refusal('{"a":[0,{"b":{"c":1,"d":[],"c":1}}]}')).toEqual(invalid({ "a.1.b.c": twice }))
  expect(await refusal('[{"a":1},{"a":1,"a":1}]')).toEqual(invalid({ "1.a": twice }))
  expect(await refusal('{"":1,"":1}')).toEqual(invalid({ "": twice }))
  expect(await refusal('{"a":"\\"a\\":1,","b":"}{","a":2}')).toEqual(invalid({ a: twice }))
})

test("[A1] keys that reach what an object inherits are refused", async () => {
  expect(await refusal('{"__proto__":{"isOperator":true}}')).toEqual(invalid({ ["__proto__"]: refused }))
  expect(await refusal('{"a":{"constructor":{"prototype":{}}}}')).toEqual(
    invalid({ "a.constructor": refused }),
  )
  expect(await refusal('[{"proto\\u0074ype":1}]')).toEqual(invalid({ "0.prototype": refused }))
  expect((await refusal('{"a":"__proto__","b":["constructor"]}')).status).toBe(200)
  expect(Object.keys({})).toEqual([])
})

test("[A1] what is nested deeper than anything we take is refused, whatever its size", async () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels)
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`
  expect((await refusal(nested(64))).status).toBe(200)
  expect((await refusal(objects(64))).status).toBe(200)
  for (const deep of [nested(65), nested(32_000), objects(65), objects(10_000)]) {
    const { status, fields } = await refusal(deep)
    expect([status, Object.values(fields)]).toEqual([400, [["This is nested too deeply."]]])
    expect(JSON.stringify(fields).length).toBeLessThan(300)
  }
  expect((await refusal(`[${"[],".repeat(1000)}[]]`)).status).toBe(200)
})

test("[A1] half a character is refused, as a key and as a value; a whole one is not", async () => {
  for (const text of ["\\ud83d", "a\\ude00b", "\\ude00\\ud83d", "\\uD800x"]) {
    expect(await refusal(`{"a":{"b":"${text}"}}`), text).toEqual(invalid({ "a.b": half }))
    expect((await refusal(`{"${text}":1}`)).status, text).toBe(400)
    expect((await refusal(`"${text}"`)).status, text).toBe(400)
  }
  expect(await read('"\\ud83d\\ude00"')).toBe("😀")
})

test("[A1] bytes that are no UTF-8, or begin with a byte order mark, are no JSON", async () => {
  const cases = [
    bytes('{"a":"', [0xff], '"}'),
    bytes('{"a":"', [0xc3], '"}'),
    bytes('"', [0xc0, 0x80], '"'),
    bytes('"', [0xed, 0xa0, 0xbd], '"'),
    bytes('"', [0xf5, 0x80, 0x80, 0x80], '"'),
    bytes([0xef, 0xbb, 0xbf], "{}"),
    Buffer.from('{"a":1}', "utf16le"),
    bytes([0xff, 0xfe], Buffer.from("{}", "utf16le").toString("latin1")),
  ]
  for (const body of cases) expect(await refusal(body), body.toString("hex")).toEqual(notJson)
})

test("[A1] what only looks like JSON is refused", async () => {
  const cases = [
    "{",
    "{}{}",
    "{'a':1}",
    "{a:1}",
    '{"a":1,}',
    "[1,]",
    "NaN",
    "01",
    "+1",
    '"a\tb"',
    "// x\n{}",
    "\u00a0{}",
    "undefined",
    " ",
  ]
  for (const body of cases) expect(await refusal(body), body).toEqual(notJson)
})

test("[A1] a parameter of the query that stands twice is refused by name", async () => {
  const query = (search: string) => {
    try {
      return readStrictQuery(new Request(`http://localhost/api/x${search}`))
    } catch (thrown) {
      return thrown
    }
  }
  expect(query("?a=1&b=2&c")).toEqual({ a: "1", b: "2", c: "" })
  expect(query("")).toEqual({})
  const answer = query("?a=1&b=2&%61=3&__proto__=1&__proto__=2&b=2&b=2")
  if (!(answer instanceof Response)) throw new Error("It was not refused.")
  const { error } = await answer.json()
  expect([answer.status, error.code]).toEqual([400, "invalid_input"])
  expect(Object.keys(error.fields)).toEqual(["a", "__proto__", "b"])
})
