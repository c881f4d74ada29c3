import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser"
import KeyRound from "lucide-react/icons/key-round"
import { useRef, useState } from "react"
import { askForPasskey, ceremonyWords } from "~/components/passkey-ceremonies"
import { PasskeyProblem } from "~/components/passkey-problem"
import { Button, type ButtonKind } from "~/components/ui/button"
import { useFormState } from "~/components/ui/form-context"
import { Spinner } from "~/components/ui/spinner"
import { useHydrated } from "~/components/use-hydrated"
import { usePasskeys } from "~/components/use-passkeys"

type Props = {
  /** The hidden field that carries the answer. */
  name: string
  options: PublicKeyCredentialRequestOptionsJSON
  label?: string
  kind?: ButtonKind
  wide?: boolean
}

/**
 * A button that uses a passkey, and then sends the form it stands in with the answer. Give it fresh options after each refusal; without
 * JavaScript it says that this way needs it.
 */
export function PasskeyAnswer({ name, options, label = "Use a passkey", kind, wide }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const [asking, setAsking] = useState(false)
  const [problem, setProblem] = useState<string>()
  const { pending } = useFormState()
  const able = usePasskeys()
  const here = useHydrated()
  const busy = asking || pending

  const ask = async () => {
    setProblem(undefined)
    setAsking(true)
    const answer = await askForPasskey(options)
    setAsking(false)
    if (!answer.ok) return answer.error !== "aborted" && setProblem(ceremonyWords[answer.error])
    if (!field.current) return
    field.current.value = answer.value
    field.current.form?.requestSubmit()
  }

  return (
    <div className="flex flex-col gap-2">
      <input key={options.challenge} ref={field} type="hidden" name={name} />
      {here && !able && <p className="text-ink-soft text-sm">This browser cannot use passkeys.</p>}
      {able && (
        <Button
          type="button"
          kind={kind}
          wide={wide}
          size={wide ? "large" : undefined}
          icon={busy ? <Spinner /> : <KeyRound aria-hidden className="size-[1.125rem]" />}
          aria-disabled={busy || undefined}
          data-proof
          onClick={() => !busy && void ask()}
        >
          {label}
        </Button>
      )}
      <noscript>
        <p className="text-ink-soft text-sm">A passkey needs JavaScript. Choose another way.</p>
      </noscript>
      <PasskeyProblem words={problem} />
    </div>
  )
}
