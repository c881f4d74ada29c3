import { useFetcher } from "@remix-run/react"
import { useCallback, useEffect, useRef, useState } from "react"
import { askForPasskey, ceremonyWords } from "~/components/passkey-ceremonies"
import { offerPasskeys } from "~/components/passkey-offer"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

const unreachable = "The server did not answer. Check your connection and try again."

/**
 * Signs in with a passkey: one chosen below the address field, or by `ask`. What is sent ends in a session and another page, or
 * comes back with why not.
 */
export function usePasskeySignIn(able: boolean, redirectTo: string | undefined) {
  const { submit, state, data } = useFetcher<FormProblem>()
  const [problem, setProblem] = useState<string>()
  const [asking, setAsking] = useState(false)
  const offer = useRef<ReturnType<typeof offerPasskeys>>()

  const send = useCallback(
    (passkey: string) => {
      setProblem(undefined)
      const fields = { passkey, ...(redirectTo && { redirectTo }) }
      submit(fields, { method: "post", action: paths.signIn.passkey() })
    },
    [submit, redirectTo],
  )

  useEffect(() => {
    if (!able) return
    const begun = offerPasskeys(send)
    offer.current = begun
    return begun.end
  }, [able, send])

  useEffect(() => {
    if (!data?.message) return
    setProblem(data.message)
    offer.current?.again()
  }, [data])

  const ask = async () => {
    setProblem(undefined)
    setAsking(true)
    const options = await offer.current?.options()
    const answer = options && (await askForPasskey(options))
    setAsking(false)
    if (answer?.ok) return send(answer.value)
    if (!answer) setProblem(unreachable)
    else if (answer.error !== "aborted") setProblem(ceremonyWords[answer.error])
    offer.current?.again()
  }

  return { ask, pending: asking || state !== "idle", problem }
}
