import Download from "lucide-react/icons/download"
import Printer from "lucide-react/icons/printer"
import { useAppName } from "~/components/app-name"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink, buttonLook } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { CopyButton } from "~/components/ui/copy-button"

type Props = {
  codes: readonly string[]
  /** Where one goes once they are kept. */
  onward: string
}

/** Recovery codes, in the one moment they can be seen [S8]. */
export function RecoveryCodes({ codes, onward }: Props) {
  const appName = useAppName()
  const text = `${appName}: recovery codes\n\nEach works once, in place of the authenticator app.\n\n${codes.join("\n")}\n`
  return (
    <Card
      title="Your recovery codes"
      lead="If your phone is lost, one of these lets you in, once each. Keep them where your phone is not."
      footer={<ButtonLink to={onward}>I have kept them</ButtonLink>}
    >
      <Banner tone="warn" title="You see them now and never again" />
      <ol className="my-5 grid max-w-md grid-cols-1 gap-x-8 gap-y-2 rounded-md bg-sunken px-5 py-4 font-mono text-base sm:grid-cols-2">
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2 print:hidden">
        <CopyButton text={text} label="Copy all" />
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="recovery-codes.txt"
          className={buttonLook({ kind: "secondary", size: "small" })}
        >
          <Download className="size-4" aria-hidden />
          Download
        </a>
        <Button
          type="button"
          kind="secondary"
          size="small"
          className="needs-script"
          onClick={() => window.print()}
          icon={<Printer className="size-4" aria-hidden />}
        >
          Print
        </Button>
      </div>
    </Card>
  )
}
