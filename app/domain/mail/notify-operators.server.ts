import { listAlerts } from "~/domain/mail/alerts.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"

/** Mails every standing alert to every operator, at most once a day each. Runs on a schedule. */
export async function notifyOperators(): Promise<void> {
  const alerts = await listAlerts()
  if (alerts.length === 0) return
  const operators = await db().user.findMany({
    where: { isOperator: true, disabledAt: null },
    select: { id: true, email: true },
  })
  const day = now().toISOString().slice(0, 10)
  for (const operator of operators) {
    for (const { key, title, words } of alerts) {
      await queueMail(db(), {
        template: "operator_notice",
        to: operator.email,
        parameters: { title, words },
        dedupeKey: `operator_notice:${key}:${day}:${operator.id}`,
      })
    }
  }
}
