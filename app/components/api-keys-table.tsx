import KeyRound from "lucide-react/icons/key-round"
import { ApiKeyUse } from "~/components/api-key-use"
import { Badge } from "~/components/ui/badge"
import { EmptyState } from "~/components/ui/empty-state"
import { Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { type ApiScope, apiScopes } from "~/domain/organizations/api-scopes"
import { paths } from "~/lib/paths"

export type ApiKeyRow = {
  id: string
  name: string
  hint: string
  scopes: readonly ApiScope[]
  state: "live" | "expired" | "stopped"
  createdBy: { name: string; email: string }
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
}

type Props = { slug: string; keys: readonly ApiKeyRow[]; url: string }

/** The keys of an organisation, with what tells one from another. `url` is what a key is tried with. */
export function ApiKeysTable({ slug, keys, url }: Props) {
  return (
    <Table
      caption="API keys"
      rows={keys}
      rowKey={key => key.id}
      empty={
        <EmptyState icon={<KeyRound />} title="No keys yet">
          <p>A key lets a program of yours read and change things here: a script, a server, a spreadsheet.</p>
          <ApiKeyUse url={url} />
        </EmptyState>
      }
      columns={[
        { header: "Name", cell: NameCell },
        { header: "May", cell: ({ scopes }) => <ScopeList scopes={scopes} /> },
        {
          header: "Ends",
          cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} show="date" /> : "Never"),
        },
        {
          header: "Last used",
          cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} show="relative" /> : "Never"),
        },
        {
          header: "Revoke",
          hideHeader: true,
          align: "end",
          cell: ({ id, name }) => (
            <TextLink to={paths.organization.apiKey(slug, id)} aria-label={`Revoke ${name}`}>
              Revoke
            </TextLink>
          ),
        },
      ]}
    />
  )
}

function NameCell({ name, hint, state, createdBy, createdAt }: ApiKeyRow) {
  return (
    <span className="flex flex-col items-start gap-1">
      <span className="break-words font-medium">{name}</span>
      <code className="text-ink-soft text-xs">{hint}…</code>
      <span className="text-ink-soft text-xs">
        Made <Time at={createdAt} show="date" /> by {createdBy.name || createdBy.email}
      </span>
      <ApiKeyState state={state} />
    </span>
  )
}

/** Why a key does nothing at the moment; nothing for one that works. */
function ApiKeyState({ state }: Pick<ApiKeyRow, "state">) {
  if (state === "live") return null
  return <Badge tone="warn">{state === "expired" ? "Has run out" : "Stopped"}</Badge>
}

/** What a key may do, in words. */
export function ScopeList({ scopes }: Pick<ApiKeyRow, "scopes">) {
  return (
    <ul className="space-y-0.5 lg:min-w-52">
      {scopes.map(scope => (
        <li key={scope}>{apiScopes[scope].words}</li>
      ))}
    </ul>
  )
}
