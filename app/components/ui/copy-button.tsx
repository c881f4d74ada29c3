import Check from "lucide-react/icons/check"
import Copy from "lucide-react/icons/copy"
import { useEffect, useState } from "react"
import { Button, type ButtonKind, type ButtonSize } from "~/components/ui/button"

const saidForMs = 2_000

type Props = { text: string; label?: string; kind?: ButtonKind; size?: ButtonSize }

/** Copies a text. Not shown without JavaScript: the text itself must stand beside it. */
export function CopyButton({ text, label = "Copy", kind = "secondary", size = "small" }: Props) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), saidForMs)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true))
  return (
    <Button
      type="button"
      kind={kind}
      size={size}
      className="needs-script"
      onClick={copy}
      icon={copied ? <Check className="size-4" aria-hidden /> : <Copy className="size-4" aria-hidden />}
    >
      <span aria-live="polite">{copied ? "Copied" : label}</span>
    </Button>
  )
}
