import Unplug from "lucide-react/icons/unplug"
import { FreshProof } from "~/components/fresh-proof"
import { ProviderMark } from "~/components/provider-mark"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Form } from "~/components/ui/form"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"
import type { FormProblem } from "~/lib/form-problem"

type Connection = {
  id: string
  provider: string
  name: string
  label: string
  /** Whether this installation still works with its provider. */
  opens: boolean
  connectedAt: Date
  lastUsedAt: Date | null
}

type Props = {
  connected: readonly Connection[]
  offered: readonly { provider: string; name: string }[]
  problem?: FormProblem | null
}

/** What is connected, and what can be. While fresh proof is owed, the question for it and nothing else. */
export function Connections({ connected, offered, problem }: Props) {
  if (problem?.proof) {
    return (
      <Card>
        <FreshProof asked={problem.proof} className="max-w-md" />
      </Card>
    )
  }
  const free = offered.filter(({ provider }) => !connected.some(one => one.provider === provider))
  return (
    <>
      {connected.length > 0 && (
        <Card flush>
          <Connected connected={connected} />
        </Card>
      )}
      {free.length > 0 && (
        <Card
          title={connected.length > 0 ? "Connect another" : "Connect an account"}
          lead="It then opens this account, besides the ways in you have."
        >
          <div className="flex flex-wrap gap-3">
            {free.map(one => (
              <Connect key={one.provider} {...one} />
            ))}
          </div>
        </Card>
      )}
      {connected.length === 0 && free.length === 0 && (
        <Card>
          <EmptyState icon={<Unplug />} title="Nothing to connect">
            This site offers no sign-in with accounts from elsewhere.
          </EmptyState>
        </Card>
      )}
    </>
  )
}

function Connected({ connected }: Pick<Props, "connected">) {
  return (
    <Table
      caption="Connected accounts"
      rows={connected}
      rowKey={({ id }) => id}
      columns={[
        {
          header: "Account",
          cell: ({ provider, name, label, opens }) => (
            <span className="flex items-start gap-3">
              <span className="mt-0.5 text-ink-soft">
                <ProviderMark provider={provider} />
              </span>
              <span className="min-w-0">
                <span className="block font-medium text-ink">{name}</span>
                {label && <span className="block break-all text-ink-soft">{label}</span>}
                {!opens && (
                  <span className="block text-ink-soft">No longer used here: it opens nothing.</span>
                )}
              </span>
            </span>
          ),
        },
        { header: "Connected", cell: ({ connectedAt }) => <Time at={connectedAt} show="date" /> },
        {
          header: "Last used",
          cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} show="relative" /> : "Not yet"),
        },
        { header: "Disconnect", hideHeader: true, align: "end", cell: one => <Disconnect {...one} /> },
      ]}
    />
  )
}

function Connect({ provider, name }: { provider: string; name: string }) {
  return (
    <Form>
      <input type="hidden" name="provider" value={provider} />
      <Button kind="secondary" name="intent" value="connect" icon={<ProviderMark provider={provider} />}>
        Connect {name}
      </Button>
    </Form>
  )
}

function Disconnect({ id, name, label }: { id: string; name: string; label: string }) {
  return (
    <Form>
      <input type="hidden" name="identity" value={id} />
      <Button
        kind="quiet"
        size="small"
        name="intent"
        value="disconnect"
        aria-label={`Disconnect ${name}${label && `, ${label}`}`}
      >
        Disconnect
      </Button>
    </Form>
  )
}
