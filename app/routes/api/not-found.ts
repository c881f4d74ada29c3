import { failureJson } from "~/http/failures.server"

/** Every address under /api that is none, by whatever method. */
export function loader() {
  return failureJson("not_found")
}

export function action() {
  return failureJson("not_found")
}
