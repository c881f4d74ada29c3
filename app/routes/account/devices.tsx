import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { Form, type MetaFunction, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Badge } from "~/components/ui/badge"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"
import { deviceLabel } from "~/domain/accounts/device.server"
import { listSessions } from "~/domain/accounts/devices.server"
import { signOutDevice, signOutEverywhere } from "~/domain/accounts/sign-out.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Devices", matches)

const Ending = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("end"), session: z.string() }),
  z.object({ intent: z.literal("end-others") }),
])

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId, sessionId } = requireSession(request)
  const sessions = await listSessions(userId)
  return {
    devices: sessions.map(({ userAgent, refreshTokens, ...session }) => ({
      ...session,
      program: refreshTokens.length > 0,
      label: deviceLabel(userAgent),
      here: session.id === sessionId,
    })),
  }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { userId, sessionId } = requireSession(request)
  const form = await readForm(request, Ending)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  if (form.value.intent === "end-others") {
    const ended = await signOutEverywhere(userId, requester, sessionId)
    const words = ended === 0 ? "There were no other devices." : "All other devices are signed out."
    return redirectWithToast(paths.account.devices(), { kind: "good", words })
  }
  const own = form.value.session === sessionId
  const ended = await signOutDevice(userId, form.value.session, requester)
  if (own) return redirect(paths.signIn.start(), 303)
  const words = ended ? "That device is signed out." : "That device was signed out already."
  return redirectWithToast(paths.account.devices(), { kind: "good", words })
}

export default function Devices() {
  const { devices } = useLoaderData<typeof loader>()
  const others = devices.length > 1
  return (
    <AppPage
      title="Devices"
      lead="Where you are signed in. End what you do not know. API keys you made are no devices and go on: see Security."
      action={
        others && (
          <Form method="post">
            <Button kind="secondary" name="intent" value="end-others">
              Sign out all others
            </Button>
          </Form>
        )
      }
    >
      <Card flush>
        <Table
          caption="Devices"
          rows={devices}
          rowKey={device => device.id}
          columns={[
            {
              header: "Device",
              cell: device => (
                <span className="flex flex-wrap items-center gap-2 font-medium">
                  {device.label} {device.here && <Badge tone="good">This device</Badge>}
                  {device.program && <Badge>By the API</Badge>}
                </span>
              ),
            },
            { header: "Address", cell: device => device.clientAddress },
            { header: "Last seen", cell: device => <Time at={device.lastSeenAt} show="relative" /> },
            { header: "Signed in", cell: device => <Time at={device.createdAt} show="date" /> },
            {
              header: "End",
              hideHeader: true,
              align: "end",
              cell: device => (
                <Form method="post">
                  <input type="hidden" name="session" value={device.id} />
                  <Button
                    kind="quiet"
                    size="small"
                    name="intent"
                    value="end"
                    aria-label={`Sign out ${device.label}`}
                  >
                    Sign out
                  </Button>
                </Form>
              ),
            },
          ]}
        />
      </Card>
    </AppPage>
  )
}
