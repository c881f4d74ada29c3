import KeyRound from "lucide-react/icons/key-round"
import { PasskeyProblem } from "~/components/passkey-problem"
import { Button } from "~/components/ui/button"
import { Spinner } from "~/components/ui/spinner"
import { usePasskeySignIn } from "~/components/use-passkey-sign-in"
import { usePasskeys } from "~/components/use-passkeys"

/**
 * Signs in with a passkey, by this button or below a field with autoComplete="… webauthn" [S12]. The ceremony is the browser's: where
 * that has none, and without JavaScript, there is nothing here.
 */
export function PasskeySignIn({ redirectTo }: { redirectTo?: string }) {
  const able = usePasskeys()
  const { ask, pending, problem } = usePasskeySignIn(able, redirectTo)
  if (!able) return null
  return (
    <div className="flex flex-col gap-2">
      <Button
        type="button"
        kind="secondary"
        size="large"
        wide
        icon={pending ? <Spinner /> : <KeyRound aria-hidden className="size-[1.125rem]" />}
        aria-disabled={pending || undefined}
        onClick={() => !pending && void ask()}
      >
        Sign in with a passkey
      </Button>
      <PasskeyProblem words={problem} />
    </div>
  )
}
