import { TextLink } from "~/components/ui/text-link"
import { apiPaths } from "~/lib/api-paths"

type Props = {
  /** An address that can be called with it. */
  url: string
}

/** How a program calls with a key, in one line to try. The key itself is not in it: a shell keeps what is typed. */
export function ApiKeyUse({ url }: Props) {
  return (
    <div className="mt-4 text-left">
      <p className="mb-1.5 text-ink-soft text-sm">
        Put it in <code>$KEY</code> and try it, or see{" "}
        <TextLink to={apiPaths.docs()}>all it can call</TextLink>:
      </p>
      <pre className="wrap-anywhere whitespace-pre-wrap rounded-md bg-sunken px-4 py-3 text-ink text-xs">
        <code>{`curl -H "Authorization: Bearer $KEY" ${url}`}</code>
      </pre>
    </div>
  )
}
