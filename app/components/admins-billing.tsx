import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { paths } from "~/lib/paths"

/** Whether admins may manage billing, too, for the owners who decide it. */
export function AdminsBilling({ slug, allowed }: { slug: string; allowed: boolean }) {
  return (
    <Card
      title="Billing by admins"
      lead={
        allowed
          ? "Admins may do here what owners may: see invoices, change or end the plan, and the way of paying."
          : "Only owners see invoices, change or end the plan, and the way of paying."
      }
    >
      <Form action={paths.organization.billingAdmins(slug)}>
        <input type="hidden" name="allowed" value={allowed ? "no" : "yes"} />
        <div>
          <Button kind="secondary" pendingLabel="Saving…">
            {allowed ? "Keep it to the owners" : "Let admins do it, too"}
          </Button>
        </div>
      </Form>
    </Card>
  )
}
