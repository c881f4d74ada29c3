import { Avatar } from "~/components/ui/avatar"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { paths } from "~/lib/paths"

/** Organisations that are open to the domain of one's address: their names, and a button to join each. */
export function JoinableOrganizations({
  organizations,
}: {
  organizations: readonly { slug: string; name: string }[]
}) {
  if (organizations.length === 0) return null
  return (
    <ul className="flex flex-col gap-4">
      {organizations.map(({ slug, name }) => (
        <li key={slug} className="flex flex-col gap-4 rounded-md border border-line bg-paper p-4">
          <div className="flex items-center gap-3">
            <Avatar name={name} shape="organization" size="large" />
            <div className="min-w-0">
              <p className="break-words font-semibold text-base text-ink">{name}</p>
              <p className="text-ink-soft text-sm">Open to people with your address’s domain.</p>
            </div>
          </div>
          <Form action={paths.organizations.join()}>
            <input type="hidden" name="organization" value={slug} />
            <Button kind="secondary" wide pendingLabel="Joining…" aria-label={`Join ${name}`}>
              Join
            </Button>
          </Form>
        </li>
      ))}
    </ul>
  )
}
