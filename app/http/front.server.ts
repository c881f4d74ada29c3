import type { IncomingMessage, ServerResponse } from "node:http"
import { logAccess } from "~/http/access-log.server"
import { bodyLimit, lingerBeforeClosing, readBody } from "~/http/byte-limit.server"
import { crossOrigin } from "~/http/cross-origin.server"
import { type FastHandler, type FastPaths, fastSender } from "~/http/fast-paths.server"
import type { Lifecycle } from "~/http/graceful-stop.server"
import { healthz, readyz } from "~/http/health.server"
import { hostCheck, namesSeveralHosts } from "~/http/host.server"
import { originCheck } from "~/http/origin-check.server"
import { withOwnCookies } from "~/http/own-cookies.server"
import { refuse } from "~/http/refusal.server"
import type { RemixHandler } from "~/http/remix-handler.server"
import { factReader, type RequestFacts } from "~/http/request-facts.server"
import { type Asked, readTarget } from "~/http/request-target.server"
import { bareContentPolicy, commonHeaders, newNonce, pageContentPolicy } from "~/http/security-headers.server"
import type { Middleware } from "~/http/static-files.server"
import { apiPaths } from "~/lib/api-paths"
import { paths } from "~/lib/paths"
import { log, withRequestId } from "~/platform/log.server"
import type { Settings } from "~/platform/settings.server"

export type FrontParts = {
  settings: Settings
  remix: RemixHandler
  lifecycle?: Lifecycle
  fastPaths: FastPaths
  /** What serves the files of the client: the built ones, or Vite's in development. */
  files?: Middleware
  /** Lets development relax the policy of pages. */
  adjustContentPolicy?: (policy: string) => string
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])
const allowed = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
/** The one page under /api. Its endpoints are no pages, and have no data to render one from. */
const dataOfDocs = `${apiPaths.docs()}.data`
const knownMethods = new Set(allowed.split(", "))

/**
 * Everything a request passes before Remix sees it, cheapest first: the fast paths, host and forwarded headers, then
 * method, address, files, origin, content type and size [S16] [H3]. Remix checks none of these.
 */
export function createHandler(parts: FrontParts): (req: IncomingMessage, res: ServerResponse) => void {
  const { settings, remix, files, fastPaths, lifecycle = { stopping: false } } = parts
  const readFacts = factReader(settings.trustedProxies)
  const checkHost = hostCheck(settings.appUrl, settings.production)
  const mayCome = originCheck(settings)
  const letIn = crossOrigin(settings)
  const fastAnswer = fastSender(settings, readFacts)
  const headers = Object.entries(commonHeaders(settings))
  const policyOf = pageContentPolicy(settings)
  const adjust = parts.adjustContentPolicy ?? (policy => policy)
  const health: FastPaths = new Map([
    ["/healthz", healthz],
    ["/readyz", readyz(lifecycle)],
  ])

  function sendFast(req: IncomingMessage, res: ServerResponse, handler: FastHandler): void {
    if (req.headers.origin !== undefined) letIn(req, res)
    fastAnswer(req, res, handler)
  }

  return (req, res) => {
    if (lifecycle.stopping) res.shouldKeepAlive = false
    const url = req.url ?? ""
    const path = url.includes("?") ? url.slice(0, url.indexOf("?")) : url
    const reads = req.method === "GET" || req.method === "HEAD"
    const check = health.get(path)
    if (check && reads) return fastAnswer(req, res, check)
    const fast = reads ? fastPaths.get(path) : undefined
    if (fast && checkHost(req.headers.host) === "ok") return sendFast(req, res, fast)

    const facts = readFacts(req)
    const host = checkHost(req.headers.host)
    if (fast && host === "ok") return sendFast(req, res, fast)
    for (const [name, value] of headers) res.setHeader(name, value)
    res.setHeader("X-Request-Id", facts.requestId)
    const target = host === "ok" && !namesSeveralHosts(req.rawHeaders) ? readTarget(url) : undefined
    if (target?.isApi) letIn(req, res)
    if (target && reads && files) {
      return files(req, res, () => {
        logAccess(req, res, facts, target.path)
        void toRemix(req, res, facts, target)
      })
    }
    logAccess(req, res, facts, path)
    if (host === "unknown") return refuse(req, res, "unknown_host")
    if (!target) return refuse(req, res, "malformed")
    if (!knownMethods.has(req.method ?? "")) return refuse(req, res, "method_not_allowed", { Allow: allowed })
    if (check) return refuse(req, res, "method_not_allowed", { Allow: "GET, HEAD" })
    if (req.method === "OPTIONS") return answerOptions(res)
    void toRemix(req, res, facts, target)
  }

  async function toRemix(req: IncomingMessage, res: ServerResponse, facts: RequestFacts, asked: Asked) {
    if (asked.hasDataParameter) return refuse(req, res, "data_parameter")
    if (asked.path.startsWith("/assets/")) return refuse(req, res, "not_found")
    const writes = !safeMethods.has(req.method ?? "")
    if (writes && !asked.isWebhook && !mayCome(req, asked.isApi)) return refuse(req, res, "forbidden_origin")
    if (writes && asked.isApi && !asked.isWebhook && hasBody(req) && !isJson(req))
      return refuse(req, res, "json_expected")
    if (asked.isApi && asked.path.endsWith(".data") && asked.path !== dataOfDocs)
      return refuse(req, res, "not_found")
    const body = hasBody(req) ? await readBody(req, bodyLimit(asked)) : undefined
    if (body === "gone") return
    if (body === "too large") {
      lingerBeforeClosing(req, res)
      return asked.logoOf ? backToLogoField(res, asked.logoOf) : refuse(req, res, "too_large")
    }
    const cspNonce = newNonce()
    res.setHeader("Cache-Control", "no-store")
    res.setHeader("Content-Security-Policy", adjust(policyOf(cspNonce)))
    const cookies: string[] = []
    const context = { cspNonce, cookies, ...facts }
    await withRequestId(facts.requestId, () =>
      withOwnCookies(cookies, () => remix(req, res, writes ? body : undefined, context)),
    ).catch(error => {
      log.error({ err: error, requestId: facts.requestId }, "the front failed")
      refuse(req, res, "failed")
    })
  }
}

/** The one form whose size people cannot see while they fill it in says so at its field. */
function backToLogoField(res: ServerResponse, slug: string): void {
  const Location = paths.organization.settings(slug, { logo: "too_many_bytes" })
  res.writeHead(303, { Location, "Cache-Control": "no-store", "Content-Security-Policy": bareContentPolicy })
  res.end("")
}

function hasBody(req: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": coding } = req.headers
  return coding !== undefined || (length !== undefined && length !== "0")
}

function isJson(req: IncomingMessage): boolean {
  const { "content-type": type, "content-encoding": coding = "identity" } = req.headers
  return coding === "identity" && type !== undefined && /^application\/json\s*(;|$)/i.test(type)
}

function answerOptions(res: ServerResponse): void {
  res.writeHead(204, {
    Allow: allowed,
    "Cache-Control": "no-store",
    "Content-Security-Policy": bareContentPolicy,
  })
  res.end()
}
