/** The audit log as programs see it. */
import { z } from "zod"
import type { AuditLineView } from "~/domain/organizations/audit-people.server"

export const AuditLine = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    by: z.object({
      standing: z.enum(["member", "outsider", "gone", "system"]).meta({
        description:
          "Nobody is named who is no member: `gone` has left, `system` is this installation or one of its operators.",
      }),
      userId: z.string().nullable(),
      name: z.string(),
      email: z.string(),
    }),
    act: z.string().meta({ description: "Stable: programs decide by it." }),
    words: z.string().meta({ description: "What happened, in a sentence without its subject." }),
    target: z.string().meta({ description: "An id, an address or another name, as it was then." }),
    detail: z.record(z.string(), z.unknown()).meta({ description: "Facts of the act, by name." }),
    clientAddress: z.string(),
  })
  .meta({ id: "AuditLine" })

/** A line in these terms. */
export function tellLine(line: AuditLineView): z.input<typeof AuditLine> {
  const { id, at, who, act, words, target, detail, clientAddress } = line
  return { id, at: at.toISOString(), by: who, act, words, target, detail, clientAddress }
}
