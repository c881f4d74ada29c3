import type { ReactNode } from "react"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { CodeInput } from "~/components/ui/code-input"
import { CopyButton } from "~/components/ui/copy-button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import type { FormProblem } from "~/lib/form-problem"

type Props = {
  /** An image of the QR code. */
  qr: string
  secret: string
  /** The same as an address, for an app on this very device. */
  uri: string
  problem?: FormProblem
}

/** Shows an authenticator app its secret, and takes the first code. */
export function AuthenticatorSetUp({ qr, secret, uri, problem }: Props) {
  return (
    <Card title="Connect your authenticator app">
      <ol className="flex flex-col gap-8">
        <Step number={1} title="Scan this with the app">
          <img
            src={qr}
            alt="QR code with the key below"
            width={208}
            height={208}
            className="rounded-md border border-line bg-white"
          />
          <div className="mt-4 max-w-md">
            <p className="font-medium text-ink text-sm">Or type this key into it</p>
            <div className="mt-1.5 flex items-center gap-2">
              <code className="min-w-0 select-all break-words rounded-md border border-line bg-sunken px-3 py-2 text-ink">
                {inFours(secret)}
              </code>
              <CopyButton text={inFours(secret)} />
            </div>
          </div>
          <p className="mt-4 text-sm">
            Is the app on this device?{" "}
            <a href={uri} className="link">
              Open it here
            </a>
          </p>
        </Step>
        <Step number={2} title="Type the code it shows">
          <Form problem={problem} className="max-w-md">
            <Field name="code" label="Code from the app" hint="Six digits, new every 30 seconds.">
              <CodeInput inputMode="numeric" required />
            </Field>
            <div>
              <Button name="intent" value="confirm" pendingLabel="Checking…">
                Switch on
              </Button>
            </div>
          </Form>
        </Step>
      </ol>
    </Card>
  )
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li>
      <h3 className="mb-3 font-medium text-ink text-sm">
        <span className="text-ink-soft">{number}.</span> {title}
      </h3>
      {children}
    </li>
  )
}

function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret
}
