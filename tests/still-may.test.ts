import { readdirSync, readFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import ts from "typescript"
import { expect, test } from "vitest"

/*
 * A membership says what was so when a request began. Whatever changes an organisation on its strength asks once more inside
 * its transaction (organizations/still-may), or is named here with the reason why it need not.
 */

const root = resolve(import.meta.dirname, "..")

const writes =
  /\b(writeAudit|transaction|queueMail)\(|\.(create|createMany|update|updateMany|upsert|delete|deleteMany|run|enqueue)\(/
const asks = /\b(stillMay|findTouched|sendInvitation)\(/

const otherwise: Record<string, string> = {
  invoicePayment: "asks Stripe where to pay, and keeps what it answers of the invoice",
  acceptOwnership: "the offer it takes stands only while its receiver is a member and its maker an owner",
  declineOwnership: "the same offer; declining gives nobody anything",
  leaveOrganization: "everyone may leave, whatever their role; the membership is the condition of the write",
  switchOrganization: "writes on the membership itself, if it is there",
  downloadAudit: "reads; the line is about the download",
  exportOrganization: "reads; the line is about the download",
  markStep: "notes how far the guided set-up is, which gives nobody anything",
  keepInviting: "notes how far the guided set-up is, which gives nobody anything",
  finishLater: "notes how far the guided set-up is, which gives nobody anything",
  settleProgress: "notes how far the guided set-up is, which gives nobody anything",
  changePlan: "asks Stripe, outside of any transaction",
  endPlan: "asks Stripe, outside of any transaction",
  keepPlan: "asks Stripe, outside of any transaction",
  openPortal: "asks Stripe, outside of any transaction",
}

type Verb = { name: string; text: string }

test("[O2] whatever writes by a membership asks at the write whether it still holds", () => {
  const wrong = verbs().filter(
    ({ name, text }) => writes.test(text) && !asks.test(text) && !Object.hasOwn(otherwise, name),
  )
  expect(wrong.map(({ name }) => name)).toEqual([])
})

test("[O2] no exception is there for nothing", () => {
  const needed = verbs().filter(({ text }) => writes.test(text) && !asks.test(text))
  const names = needed.map(({ name }) => name)
  expect(Object.keys(otherwise).filter(name => !names.includes(name))).toEqual([])
})

test("[O2] the search finds the verbs it is about", () => {
  const names = verbs().map(({ name }) => name)
  for (const name of ["renameOrganization", "invite", "removeMember", "changeBillingAddress"])
    expect(names).toContain(name)
})

/** The domain's exported functions that take a membership, each with the text of the functions of its file that it calls. */
function verbs(): Verb[] {
  const files = readdirSync(join(root, "app/domain"), { recursive: true, encoding: "utf8" })
  return files
    .filter(file => file.endsWith(".server.ts"))
    .flatMap(file => verbsOf(join(root, "app/domain", file)))
}

function verbsOf(file: string): Verb[] {
  const tree = ts.createSourceFile(
    relative(root, file),
    readFileSync(file, "utf8"),
    ts.ScriptTarget.Latest,
    true,
  )
  const functions = new Map(
    tree.statements.filter(ts.isFunctionDeclaration).map(node => [node.name?.text ?? "", node]),
  )
  return [...functions].flatMap(([name, node]) => {
    const exported = node.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.ExportKeyword)
    const byMembership = node.parameters.some(parameter => parameter.type?.getText() === "Membership")
    return exported && byMembership ? [{ name, text: withCalled(name, functions) }] : []
  })
}

function withCalled(
  name: string,
  functions: Map<string, ts.FunctionDeclaration>,
  seen = new Set<string>(),
): string {
  if (seen.has(name)) return ""
  seen.add(name)
  const text = functions.get(name)?.body?.getText() ?? ""
  const called = [...functions.keys()].filter(other => new RegExp(`\\b${other}\\(`).test(text))
  return [text, ...called.map(other => withCalled(other, functions, seen))].join("\n")
}
