import type { ReactNode } from "react"
import { TextLink } from "~/components/ui/text-link"
import { apiPaths } from "~/lib/api-paths"

/** What a developer needs to know before the first call. */
export function ApiIntroduction({ keyPrefix }: { keyPrefix: string }) {
  return (
    <div className="grid gap-x-10 gap-y-8 sm:grid-cols-2">
      <Part title="Signing in">
        <Code>POST {apiPaths.login()}</Code> with an e-mail address sends a mail with a link and a code;{" "}
        <Code>POST {apiPaths.verify()}</Code> takes either and answers an access token. With a password, one
        call does. Somebody with a second factor is asked for it in the answer.
      </Part>
      <Part title="Access tokens">
        Send it as <Code>Authorization: Bearer …</Code>; it counts for an hour. The refresh token comes beside
        it as a cookie, and <Code>POST {apiPaths.refresh()}</Code> changes it for new ones. Your own backend
        checks access tokens by the{" "}
        <TextLink to={apiPaths.keySet()} reloadDocument>
          public keys
        </TextLink>
        .
      </Part>
      <Part title="API keys">
        For programs with no person in front of them. An organisation makes them in its settings, each with
        its scopes and an end. They are sent like access tokens, and begin with <Code>{keyPrefix}</Code>.
      </Part>
      <Part title="Errors">
        Always <Code>{'{ "error": { "code", "message", "fields"?, "requestId" } }'}</Code>. Decide by the code
        and show people the message; <Code>fields</Code> says what does not fit. After a 429, wait as many
        seconds as <Code>Retry-After</Code> says.
      </Part>
    </div>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="text-base text-ink">{title}</h2>
      <p className="mt-1 text-ink-soft text-sm leading-6">{children}</p>
    </section>
  )
}

function Code({ children }: { children: ReactNode }) {
  return <code className="break-words rounded-sm bg-sunken px-1 py-0.5 text-ink text-xs">{children}</code>
}
