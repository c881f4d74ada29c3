import { useSubmit } from "@remix-run/react"
import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser"
import { useCallback, useEffect, useRef, useState } from "react"
import { ceremonyWords } from "~/components/passkey-ceremonies"
import { PasskeyProblem } from "~/components/passkey-problem"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Spinner } from "~/components/ui/spinner"
import { TextInput } from "~/components/ui/text-input"
import { useHydrated } from "~/components/use-hydrated"
import { usePasskeys } from "~/components/use-passkeys"
import type { FormProblem } from "~/lib/form-problem"

/** What the server hands out once it is sure who asks. */
export type PasskeyOffer = { options: PublicKeyCredentialCreationOptionsJSON; name: string }

type Props = { suggestedName: string; problem?: FormProblem; offer?: PasskeyOffer }

/** Makes a passkey: a name, then the browser's own question, then it is in the list. */
export function AddPasskey({ suggestedName, problem, offer }: Props) {
  const { make, asking, failure } = useMaking(offer)
  const able = usePasskeys()
  if (useHydrated() && !able)
    return (
      <p className="text-ink-soft text-sm">This browser cannot make passkeys. Open this page in another.</p>
    )
  return (
    <>
      <Form problem={problem} className="max-w-md">
        <input type="hidden" name="intent" value="begin" />
        <Field name="name" label="Name" hint="To know it by, such as the device you keep it on.">
          <TextInput defaultValue={offer?.name ?? suggestedName} maxLength={60} required />
        </Field>
        <div className="flex flex-col items-start gap-2">
          {/* Some browsers want a click of their own for each ceremony: this one has its options at hand. */}
          {offer && failure ? (
            <Button type="button" onClick={() => void make(offer)}>
              Try again
            </Button>
          ) : (
            <Button
              aria-disabled={asking || undefined}
              icon={asking && <Spinner />}
              pendingLabel="One moment…"
            >
              {asking ? "Follow your browser…" : "Add a passkey"}
            </Button>
          )}
          <PasskeyProblem words={failure} />
        </div>
      </Form>
      <noscript>
        <p className="mt-4 text-ink-soft text-sm">Adding a passkey needs JavaScript.</p>
      </noscript>
    </>
  )
}

/** Asks the browser for a passkey as soon as there is an offer, and sends what it made. */
function useMaking(offer: PasskeyOffer | undefined) {
  const submit = useSubmit()
  const [asking, setAsking] = useState(false)
  const [failure, setFailure] = useState<string>()
  const begun = useRef<string>()

  const make = useCallback(
    async ({ options, name }: PasskeyOffer) => {
      setFailure(undefined)
      setAsking(true)
      const { makePasskey } = await import("~/components/passkey-creation")
      const made = await makePasskey(options)
      setAsking(false)
      if (made.ok) return submit({ intent: "finish", name, passkey: made.value }, { method: "post" })
      if (made.error !== "aborted") setFailure(ceremonyWords[made.error])
    },
    [submit],
  )

  useEffect(() => {
    if (!offer || begun.current === offer.options.challenge) return
    begun.current = offer.options.challenge
    void make(offer)
  }, [offer, make])

  return { make, asking, failure }
}
