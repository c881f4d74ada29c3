import { isRouteErrorResponse } from "@remix-run/react"
import { ErrorPage, errorWords } from "~/components/error-page"
import { AppPage } from "~/components/page"
import { ButtonLink } from "~/components/ui/button"

/** Where the title of the status would say too little. */
const titles = new Map([
  ["sign_in_method", "Sign in another way"],
  ["second_factor", "One step is missing"],
  ["read_only", "Nothing can be changed right now"],
])

/** The same inside the frame of an organisation, for what keeps someone from one of its pages and not from the others. */
export function FailureInFrame({ error }: { error: unknown }) {
  const { code, words, wayOn } = readFailure(isRouteErrorResponse(error) ? error.data : undefined)
  const title = code && titles.get(code)
  return (
    <AppPage title={title ?? errorWords(403).title} lead={words}>
      {wayOn && (
        <div>
          <ButtonLink to={wayOn.to}>{wayOn.label}</ButtonLink>
        </div>
      )}
    </AppPage>
  )
}

/** What someone sees of whatever ended their page: the sentence a loader or action said, or that it is our fault. */
export function FailurePage({ error }: { error: unknown }) {
  if (!isRouteErrorResponse(error)) return <ErrorPage status={500} />
  const { code, words, wait, wayOn } = readFailure(error.data)
  const action = wayOn && <ButtonLink to={wayOn.to}>{wayOn.label}</ButtonLink>
  const title = code && titles.get(code)
  return <ErrorPage status={error.status} title={title} message={words} wait={wait} action={action} />
}

/** The code of the failure that ended a page; undefined for a fault of ours. */
export function failureCode(error: unknown): string | undefined {
  return isRouteErrorResponse(error) ? readFailure(error.data).code : undefined
}

/** What a loader or action said when it ended the page. */
function readFailure(said: unknown) {
  if (typeof said !== "object" || said === null) return {}
  const code = "code" in said && typeof said.code === "string" ? said.code : undefined
  const words = "words" in said && typeof said.words === "string" ? said.words : undefined
  const wait = "wait" in said && typeof said.wait === "string" ? said.wait : undefined
  const wayOn = "wayOn" in said && isWayOn(said.wayOn) ? said.wayOn : undefined
  return { code, words, wait, wayOn }
}

function isWayOn(value: unknown): value is { to: string; label: string } {
  return typeof value === "object" && value !== null && "to" in value && "label" in value
}
