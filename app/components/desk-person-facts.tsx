import { AccountState } from "~/components/account-state"
import { Badge } from "~/components/ui/badge"
import { Facts } from "~/components/ui/facts"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { type Role, roleNames } from "~/domain/organizations/roles"
import { paths } from "~/lib/paths"

type Belonging = { id: string; name: string; role: Role; archived: boolean }

type Props = {
  person: {
    isOperator: boolean
    disabledAt: Date | null
    provenAt: Date | null
    twoFactorSince: Date | null
    lastSignInAt: Date | null
    createdAt: Date
    sessions: number
    organizations: readonly Belonging[]
  }
}

/** What an operator knows of a person at a glance. */
export function DeskPersonFacts({ person }: Props) {
  const { disabledAt, provenAt, twoFactorSince, lastSignInAt, createdAt, sessions, organizations } = person
  return (
    <Facts
      items={[
        {
          label: "State",
          value: (
            <>
              <AccountState account={person} />
              {disabledAt && (
                <>
                  {" "}
                  since <Time at={disabledAt} />
                </>
              )}
            </>
          ),
        },
        { label: "Mailbox proven", value: provenAt ? <Time at={provenAt} show="date" /> : "Not yet" },
        {
          label: "Two-factor sign-in",
          value: twoFactorSince ? <Time at={twoFactorSince} show="date" /> : "Off",
        },
        { label: "Last sign-in", value: lastSignInAt ? <Time at={lastSignInAt} /> : "Never" },
        { label: "Signed in now", value: sessions === 1 ? "In 1 browser" : `In ${sessions} browsers` },
        { label: "Account since", value: <Time at={createdAt} show="date" /> },
        { label: "Organisations", value: <Organizations organizations={organizations} /> },
      ]}
    />
  )
}

function Organizations({ organizations }: { organizations: readonly Belonging[] }) {
  if (organizations.length === 0) return <>None</>
  return (
    <ul className="flex flex-col gap-1">
      {organizations.map(({ id, name, role, archived }) => (
        <li key={id} className="break-words">
          <TextLink to={paths.admin.organization(id)}>{name}</TextLink> – {roleNames[role].toLowerCase()}{" "}
          {archived && <Badge tone="warn">Archived</Badge>}
        </li>
      ))}
    </ul>
  )
}
