import type { ActionFunctionArgs } from "@remix-run/node"
import { withBearer } from "~/http/api/bearer.server"
import type { Endpoint } from "~/http/api/endpoint.server"
import { failureJson } from "~/http/failures.server"
import { isUnderApi } from "~/http/request-target.server"
import { paths } from "~/lib/paths"
import { log } from "~/platform/log.server"

export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const

export type Method = (typeof methods)[number]

export type Resource = Partial<Record<Method, Endpoint>>

let declared: ReadonlyMap<string, Resource> = new Map()

/** Every resource of the API that has been loaded, by its path as app/routes.ts has it; another map once another one is. */
export function resources(): ReadonlyMap<string, Resource> {
  return declared
}

/**
 * The endpoints of one path, as the loader and action of its route. Whatever goes wrong is answered in JSON: a method that is not
 * there says which are (RFC 9110, section 15.5.6), and a bug says nothing but that there was one.
 */
export function resource(path: string, endpoints: Resource) {
  declared = new Map(declared).set(path, endpoints)
  const there = methods.filter(method => endpoints[method])
  const serve = async (args: ActionFunctionArgs): Promise<Response> => {
    const asked = args.request.method === "HEAD" ? "GET" : args.request.method
    const method = there.find(one => one === asked)
    const found = method && endpoints[method]
    if (!found) return failureJson("method_not_allowed", { headers: { Allow: allowed(there) } })
    try {
      return await withBearer(args.request, () => found.serve(args, path), found.declaration.staleToken)
    } catch (thrown) {
      if (thrown instanceof Response) return unlessToPage(thrown, args.request)
      log.error({ err: thrown, path }, "an endpoint failed")
      return failureJson("failed")
    }
  }
  return { loader: serve, action: serve }
}

function allowed(there: readonly Method[]): string {
  return there.flatMap(method => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ")
}

/** A guard's way to a page, such as the one to sign in, is none for a program; the way to another address of the API is. */
function unlessToPage(answer: Response, request: Request): Response {
  const location = answer.headers.get("Location")
  if (location === null) return answer
  const { pathname, origin } = new URL(location, request.url)
  if (isUnderApi(pathname) && origin === new URL(request.url).origin) return answer
  return failureJson(pathname === paths.signIn.start() ? "signed_out" : "forbidden")
}
