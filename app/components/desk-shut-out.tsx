import type { ReactNode } from "react"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"

/** Shuts someone out of the installation, or lets them in again. */
export function DeskShutOut({ name, disabled }: { name: string; disabled: boolean }) {
  return disabled ? (
    <Card title={`Let ${name} in again`} lead="They can sign in as before, and get a mail.">
      <Act intent="enable" kind="secondary" pending="Letting in…">
        Enable {name}
      </Act>
    </Card>
  ) : (
    <Card
      title={`Disable ${name}`}
      lead="They are signed out everywhere, links mailed to them stop working, and they cannot sign in. They get a mail. Nothing is deleted, and you can take it back."
    >
      <Act intent="disable" kind="danger" pending="Disabling…">
        Disable {name}
      </Act>
    </Card>
  )
}

type ActProps = {
  intent: string
  kind: "secondary" | "danger"
  pending: string
  children: ReactNode
}

function Act({ intent, kind, pending, children }: ActProps) {
  return (
    <Form>
      <div>
        <Button name="intent" value={intent} kind={kind} pendingLabel={pending}>
          {children}
        </Button>
      </div>
    </Form>
  )
}
