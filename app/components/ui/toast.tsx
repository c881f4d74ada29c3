import { useLocation } from "@remix-run/react"
import X from "lucide-react/icons/x"
import { useEffect, useState } from "react"
import { classNames } from "~/components/class-names"
import { type Tone, tones } from "~/components/ui/tone"

export type ToastMessage = { words: string; kind?: Tone }

/** What has just been done, said once on the next page. It stays until dismissed or until the reader moves on. */
export function Toast({ toast }: { toast: ToastMessage | null | undefined }) {
  const { key } = useLocation()
  const [seen, setSeen] = useState({ toast, key })
  const [dismissed, dismiss] = useState<ToastMessage | null>(null)
  if (seen.toast !== toast) setSeen({ toast, key })
  const shown = toast && toast !== dismissed && seen.key === key ? toast : null
  useDismissOnEscape(shown, dismiss)
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-40 flex justify-center sm:bottom-6"
    >
      {shown && <Message toast={shown} onDismiss={() => dismiss(shown)} />}
    </div>
  )
}

function Message({ toast, onDismiss }: { toast: ToastMessage; onDismiss: () => void }) {
  const { Icon, mark } = tones[toast.kind ?? "good"]
  return (
    <div
      data-state="open"
      className="floats pointer-events-auto flex max-w-lg items-start gap-3 rounded-md py-3 pr-2 pl-4 text-sm"
    >
      <Icon aria-hidden className={classNames("mt-px size-[1.125rem] shrink-0", mark)} />
      <p className="min-w-0 pr-2 text-ink">{toast.words}</p>
      <button
        type="button"
        onClick={onDismiss}
        className="needs-script -my-1 rounded-md p-1.5 text-ink-soft hover:bg-sunken hover:text-ink"
      >
        <X className="size-4" aria-hidden />
        <span className="sr-only">Dismiss</span>
      </button>
    </div>
  )
}

function useDismissOnEscape(shown: ToastMessage | null, dismiss: (toast: ToastMessage) => void) {
  useEffect(() => {
    if (!shown) return
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && dismiss(shown)
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [shown, dismiss])
}
