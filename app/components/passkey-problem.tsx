import CircleAlert from "lucide-react/icons/circle-alert"

/** Why a ceremony with a passkey led to nothing, announced when it appears. */
export function PasskeyProblem({ words }: { words?: string }) {
  return (
    <p aria-live="polite" className="flex items-start gap-1.5 font-medium text-bad text-xs empty:hidden">
      {words && (
        <>
          <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          {words}
        </>
      )}
    </p>
  )
}
