/**
 * What each act of an organisation's audit log says to a reader [O10]: a label to filter by, and a sentence about who did it.
 * An act without words is shown by its own name.
 */
import { auditSentences } from "~/domain/organizations/audit-sentences"

export type AuditDetail = Record<string, string | number | boolean | null>

const areas: Record<string, string> = {
  organization: "Organisation",
  member: "Members",
  invitation: "Invitations",
  ownership: "Ownership",
  security: "Security",
  domain: "Domains",
  key: "API keys",
  billing: "Billing",
}

/** Every act that has words. */
export const auditActs = Object.keys(auditSentences)

/** The acts by area, for a filter: choosing an area means all of its acts. */
export const auditAreas = [...new Set(auditActs.map(areaOf))].map(area => ({
  area,
  name: areas[area] ?? area,
  acts: auditActs.filter(act => areaOf(act) === area).map(act => ({ act, label: auditLabel(act) })),
}))

/** A few words for an act. */
export function auditLabel(act: string): string {
  return auditSentences[act]?.[0] ?? act
}

/** What happened, in a sentence without its subject: the line says beside it who did it. */
export function auditSentence(act: string, whom: string, detail: AuditDetail): string {
  const say = auditSentences[act]?.[1]
  const words = say ? say(whom, key => String(detail[key] ?? "")) : [act, whom].filter(Boolean).join(": ")
  if (!detail.withKey) return words
  const hint = detail.withKeyHint ? ` (${detail.withKeyHint}…)` : ""
  return `${words}, with the key ${detail.withKey}${hint}`
}

/** The acts that a filter's value means: those of an area, or the one named. */
export function actsMeant(choice: string): string[] {
  const area = auditAreas.find(one => one.area === choice)
  return area ? area.acts.map(({ act }) => act) : [choice]
}

function areaOf(act: string): string {
  return act.split(".")[0] ?? act
}
