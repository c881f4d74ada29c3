import { isKnownStatus, wordsOfStatus } from "~/domain/billing/access"
import { nameOfField } from "~/domain/billing/differences"
import { isInterval, isPlanId, plans } from "~/domain/billing/plans"

/** What handling an event comes to when Stripe says what is known here already. */
export const nothingNew = "nothing new"

/** What came of an event, as the operator reads it: Stripe's words for statuses and our names of columns put plainly. */
export function effectWords(effect: string): string {
  const [, status = "", what = ""] = /^subscription (\w+): (.*)$/.exec(effect) ?? []
  if (effect === "provisioned before") return "Was set up before"
  if (!status) return upperFirst(effect.replace(/^provisioned (\S+)/, "set up /o/$1"))
  const plan = `Plan: ${wordsOfStatus(status).toLowerCase()}.`
  if (what === "added") return `${plan} Added.`
  const fields = what.split(", ").map(field => nameOfField(field).toLowerCase())
  return `${plan} Changed: ${fields.join(", ")}.`
}

/** The value of a compared field, as the operator reads it: "past_due" is "Payment overdue". Ids and times stay as they are. */
export function valueWords(what: string, text: string): string {
  if (isKnownStatus(text) && (what === "status" || what === "missing")) return wordsOfStatus(text)
  if (what === "plan" && isPlanId(text)) return plans[text].name
  if (what === "interval" && isInterval(text)) return upperFirst(text)
  return what === "purchase" ? effectWords(text) : text
}

function upperFirst(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
