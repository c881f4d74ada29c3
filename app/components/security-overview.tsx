import type { ReactNode } from "react"
import { Badge } from "~/components/ui/badge"
import { ButtonLink } from "~/components/ui/button"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { paths } from "~/lib/paths"

type Props = {
  email: string
  password?: { since?: Date | string }
  twoFactor: boolean
  recoveryCodesLeft: number
  passkeys: number
  connections: readonly string[]
  devices: number
  /** Where keys this person made work. */
  apiKeys: readonly { slug: string; name: string; count: number; maySee: boolean }[]
}

/** What opens an account and what guards it, each with the page where it is changed. */
export function SecurityOverview(account: Props) {
  return (
    <ul className="divide-y divide-line text-sm">
      <Line title="E-mail address" to={paths.account.email()} act="Change">
        <span className="break-all">{account.email}</span>. Links and codes to sign in go there.
      </Line>
      {account.password && (
        <Line
          title="Password"
          to={paths.account.password()}
          act={account.password.since ? "Change" : "Set one"}
        >
          {account.password.since ? (
            <>
              Set <Time at={account.password.since} show="date" />.
            </>
          ) : (
            "None. You sign in without one."
          )}
        </Line>
      )}
      <Line
        title="Two-factor sign-in"
        badge={<Badge tone={account.twoFactor ? "good" : "plain"}>{account.twoFactor ? "On" : "Off"}</Badge>}
        to={paths.account.twoFactor()}
        act={account.twoFactor ? "See" : "Set up"}
      >
        {account.twoFactor
          ? `An authenticator app, and ${count(account.recoveryCodesLeft, "recovery code")} left.`
          : "A code from your phone besides the link or password."}
      </Line>
      <Line title="Passkeys" to={paths.account.passkeys()} act={account.passkeys > 0 ? "See" : "Add one"}>
        {account.passkeys > 0
          ? `${count(account.passkeys, "passkey")}.`
          : "None. Sign in with your fingerprint, your face or the lock of your screen."}
      </Line>
      <Line title="Connected accounts" to={paths.account.connections()} act="See">
        {account.connections.length > 0 ? account.connections.join(", ") : "None."}
      </Line>
      <Line title="Devices" to={paths.account.devices()} act="See">
        You are signed in on {count(account.devices, "device")}.
      </Line>
      {account.apiKeys.length > 0 && (
        <Line title="API keys">
          Keys you made go on when you sign out:{" "}
          {account.apiKeys.map(({ slug, name, count: keys, maySee }, i) => (
            <span key={slug}>
              {i > 0 && ", "}
              {count(keys, "key")} of{" "}
              {maySee ? <TextLink to={paths.organization.apiKeys(slug)}>{name}</TextLink> : name}
            </span>
          ))}
          . Revoke there what you do not know.
        </Line>
      )}
    </ul>
  )
}

type LineProps = { title: string; badge?: ReactNode; children: ReactNode } & (
  | { to: string; act: string }
  | { to?: undefined; act?: undefined }
)

function Line({ title, badge, to, act, children }: LineProps) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-5 py-4">
      <div className="min-w-0">
        <h2 className="flex items-center gap-2 font-medium text-base text-ink">
          {title} {badge}
        </h2>
        <p className="mt-0.5 text-ink-soft">{children}</p>
      </div>
      {to && (
        <ButtonLink kind="secondary" size="small" to={to}>
          {act}
          <span className="sr-only">: {title}</span>
        </ButtonLink>
      )}
    </li>
  )
}

const count = (n: number, what: string) => `${n === 0 ? "no" : n} ${what}${n === 1 ? "" : "s"}`
