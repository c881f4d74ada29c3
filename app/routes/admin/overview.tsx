import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { Form, type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { MailLogTable } from "~/components/mail-log-table"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { StripeStateCard } from "~/components/stripe-state"
import { Banner } from "~/components/ui/banner"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { stripeState } from "~/domain/billing/stripe-state.server"
import { clearAlert, listAlerts } from "~/domain/mail/alerts.server"
import { mailStatus } from "~/domain/mail/mail-status.server"
import { sendTestMail } from "~/domain/mail/test-mail.server"
import { formDataOf } from "~/http/form-data.server"
import { requireOperator } from "~/http/guards.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("State", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireOperator(request)
  const [mail, alerts] = await Promise.all([mailStatus(), listAlerts()])
  return { alerts, mail, billing: stripeState() }
}

export async function action({ request }: ActionFunctionArgs) {
  const operator = requireOperator(request)
  const form = await formDataOf(request)
  if (form.get("intent") === "clear") {
    await clearAlert(String(form.get("key")))
    return null
  }
  const sent = await sendTestMail(operator.email)
  if (sent.ok)
    return {
      tone: "good" as const,
      words: `Sent to ${operator.email}. The server said: ${sent.value.answer}`,
    }
  return data({ tone: "bad" as const, words: sent.error.words }, { status: 502 })
}

export default function AdminOverview() {
  const { mail, alerts, billing } = useLoaderData<typeof loader>()
  const said = useActionData<typeof action>()
  return (
    <AppPage title="State" lead="What needs you, and how mail and billing are doing.">
      {said && (
        <Banner tone={said.tone} live>
          {said.words}
        </Banner>
      )}
      {alerts.map(alert => (
        <Banner
          key={alert.key}
          tone="warn"
          title={alert.title}
          action={
            <Form method="post">
              <input type="hidden" name="key" value={alert.key} />
              <Button kind="secondary" size="small" name="intent" value="clear">
                Done
              </Button>
            </Form>
          }
        >
          {alert.words}
        </Banner>
      ))}
      {!mail.setUp && (
        <Banner tone="warn" title="Mail is not set up">
          Nobody but you can sign in: your own links are printed in the output of the server. Set SMTP_HOST
          and MAIL_FROM.
        </Banner>
      )}
      <Card
        title="Mail"
        action={
          <Form method="post">
            <Button kind="secondary" size="small" name="intent" value="test-mail">
              Send me a test mail
            </Button>
          </Form>
        }
      >
        <Facts
          items={[
            { label: "Sender", value: mail.from ?? "not set up" },
            { label: "Waiting", value: String(mail.queued) },
            { label: "Failed in the last day", value: String(mail.failedLately) },
          ]}
        />
      </Card>
      <StripeStateCard state={billing} />
      <MailLogTable mails={mail.latest} />
    </AppPage>
  )
}
