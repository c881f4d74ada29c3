import { failure } from "~/http/failures.server"

/** Every address that leads nowhere. As a route of the sitemap it gets the root's data: who is signed in, the app's name. */
export function loader() {
  throw failure("not_found")
}

export function action() {
  throw failure("not_found")
}

/** Never seen, but without it Remix would not answer with a page. */
export default function NotFound() {
  return null
}
