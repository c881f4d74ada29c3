import { expect, test } from "vitest"
import { loggedPath } from "~/http/access-log.server"
import { redactText } from "~/platform/log-redaction.server"

/** As long as the head of a request may be. */
const longest = 16_000
const filled = (piece: string) => piece.repeat(Math.ceil(longest / piece.length)).slice(0, longest)

const jwt = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
const token = "dGhpcy1pcy1hLXRva2VuLW9mLTMyLXJhbmRvbS1ieXQ"

test("[L10] a JWT is blank wherever it stands, glued to something or cut", () => {
  expect(redactText(`got ${jwt}.`)).toBe("got [redacted]")
  for (const before of ["", "x-", "x_", "gate.example.", "a/b=", "é"])
    expect(redactText(`${before}${jwt}`)).toBe(`${before}[redacted]`)
  expect(redactText(`${jwt.slice(0, 60)} cut`)).toBe("[redacted] cut")
  expect(redactText(`${jwt.slice(0, 20)} cut`)).toBe("[redacted] cut")
  expect(redactText("keyJoinedByComma of eyJ")).toBe("keyJoinedByComma of eyJ")
})

test("[L10] a run as long as a request's head, made to be read again and again, is read once and leaves no secret", () => {
  const told = {
    "eyJ-": "[redacted]",
    "eyJa.": `${"eyJa.".repeat(longest / 5)}`,
    "eyJabcdefgh.": "[redacted]",
    "token=": "token=[redacted]",
    "Bearer ": "Bearer [redacted]",
    sk_: "sk_",
    gatehouse_: "gatehouse_[redacted]",
    "/magic-link/verify/": "/magic-link/verify/[redacted]",
  }
  for (const [piece, start] of Object.entries(told)) {
    expect(redactText(filled(piece)).startsWith(start), piece).toBe(true)
    expect(redactText(`${filled(piece)} ${jwt} ${token}`), piece).not.toMatch(/eyJhbG|dGhpcy/)
  }
  expect(redactText(filled("eyJ-"))).toBe("[redacted]")
  expect(redactText(`Bearer${" ".repeat(longest)}`)).toHaveLength(longest + 6)
})

test("[L10] a path is logged up to two thousand characters, and never half a token at its end", () => {
  expect(loggedPath(`/${"a/".repeat(990)}`)).toHaveLength(1_981)
  const long = loggedPath(`/${"a/".repeat(8_000)}`)
  expect(long).toBe(`${`/${"a/".repeat(1_000)}`.slice(0, 2_000)}…`)
  const start = `/${"a/".repeat(990)}`
  expect(loggedPath(`${start}${token}/${"a/".repeat(8_000)}`)).not.toContain(token.slice(0, 10))
  expect(loggedPath(`${start}%64${token.slice(1)}/${"a/".repeat(8_000)}`)).not.toContain(token.slice(1, 10))
})
