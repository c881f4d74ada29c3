import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import ts from "typescript"
import { describe, expect, test } from "vitest"
import routeConfig from "~/routes"

/*
 * The house: imports point down only, never up, never in a circle. If this test stops a change, change the design.
 */

const root = resolve(import.meta.dirname, "..")
const app = join(root, "app")

const floors = ["start", "routes", "http and components", "domain", "platform", "lib"] as const
const areas = [
  "privacy",
  "insights",
  "gate",
  "onboarding",
  "shop",
  "billing",
  "sign-in",
  "organizations",
  "accounts",
  "mail",
  "links",
] as const

/** `as` is allowed where a value enters from a library that cannot type it. Each seam has its reason. */
const seams: Record<string, string> = {
  "app/platform/environment.server.ts":
    "ms types durations as template literals, which a checked text is not",
  "app/http/api/endpoint.server.ts":
    "which parts a call has depends on its declaration, which a value cannot tell TypeScript",
}

type Source = { path: string; text: string; imports: string[]; tree: ts.SourceFile }

const sources = listFiles(app)
  .filter(file => /\.tsx?$/.test(file))
  .map(read)
const byPath = new Map(sources.map(source => [source.path, source]))

describe("[S16] the house stands", () => {
  test("imports point down, floor by floor", () => {
    const wrong = edges().filter(([from, to]) => floorOf(from) > floorOf(to))
    expect(wrong.map(show)).toEqual([])
  })

  test("http and components do not know each other", () => {
    const crossing = edges().filter(
      ([from, to]) =>
        (isUnder(from, "http") && isUnder(to, "components")) ||
        (isUnder(from, "components") && isUnder(to, "http")),
    )
    expect(crossing.map(show)).toEqual([])
  })

  test("areas of the domain use only those below them", () => {
    const wrong = edges().filter(([from, to]) => {
      const [upper, lower] = [areaOf(from), areaOf(to)]
      return upper !== undefined && lower !== undefined && upper > lower
    })
    expect(wrong.map(show)).toEqual([])
  })

  test("every folder of the domain is an area with a place in the order", () => {
    const folders = new Set(sources.map(s => /^app\/domain\/([^/]+)/.exec(s.path)?.[1]).filter(Boolean))
    expect([...folders].filter(folder => !areas.some(area => area === folder))).toEqual([])
  })

  test("no import goes in a circle", () => {
    expect(circles()).toEqual([])
  })

  test("Prisma is known in domain and platform only", () => {
    const database = /^app\/platform\/(db|models)[.-]|prisma\/generated/
    const wrong = edges().filter(
      ([from, to]) =>
        database.test(to) && !isUnder(from, "domain") && !isUnder(from, "platform") && !isStart(from),
    )
    expect(wrong.map(show)).toEqual([])
  })

  test("process.env is read in platform/env.server.ts only", () => {
    const readers = sources
      .filter(s => /process\.env\b|from "node:process"[^\n]*env/.test(s.text))
      .map(s => s.path)
    expect(readers).toEqual(["app/platform/env.server.ts"])
  })

  test("components and client-safe files import no server file", () => {
    const wrong = edges().filter(
      ([from, to]) => /\.server\.tsx?$/.test(to) && !/\.server\.tsx?$/.test(from) && !mayImportServer(from),
    )
    expect(wrong.map(show)).toEqual([])
  })

  test("every route file is listed in app/routes.ts exactly once", async () => {
    const listed: string[] = []
    const collect = (items: Awaited<typeof routeConfig>) => {
      for (const item of items) {
        listed.push(`app/${item.file}`)
        collect(item.children ?? [])
      }
    }
    collect(await routeConfig)
    const files = sources.map(s => s.path).filter(path => path.startsWith("app/routes/"))
    expect(listed.sort()).toEqual(files.sort())
  })

  test("a route exports only what Remix knows", () => {
    const known = new Set([
      "loader",
      "action",
      "default",
      "meta",
      "links",
      "headers",
      "handle",
      "ErrorBoundary",
      "shouldRevalidate",
    ])
    const wrong = sources
      .filter(s => s.path.startsWith("app/routes/"))
      .flatMap(s =>
        exportsOf(s.tree)
          .filter(name => !known.has(name))
          .map(name => `${s.path}: ${name}`),
      )
    expect(wrong).toEqual([])
  })

  test("only completeSignIn makes a session", () => {
    const sessions = "app/domain/accounts/sessions.server.ts"
    const makers = sources.filter(s => s.imports.includes(sessions) && /\bcreateSession\b/.test(s.text))
    expect(makers.map(s => s.path)).toEqual(["app/domain/sign-in/complete-sign-in.server.ts"])
    const writers = sources
      .filter(s => /\bsession\.(create|upsert)|INSERT INTO Session\b/.test(s.text))
      .map(s => s.path)
    expect(writers).toEqual([sessions])
  })

  test("only what has just proven who somebody is renews a session", () => {
    const sessions = "app/domain/accounts/sessions.server.ts"
    const renewers = sources.filter(s => s.imports.includes(sessions) && /\brenewSession\b/.test(s.text))
    expect(renewers.map(s => s.path).sort()).toEqual([
      "app/domain/accounts/confirm-session.server.ts",
      "app/domain/accounts/enrolment.server.ts",
      "app/domain/accounts/fresh-proof.server.ts",
      "app/domain/accounts/passkey-registration.server.ts",
    ])
    const writers = sources
      .filter(s =>
        /\bsession\.update\w*\([^)]*(tokenHash|provenAt):|UPDATE Session SET[^`"]*(tokenHash|provenAt)/.test(
          s.text,
        ),
      )
      .map(s => s.path)
    expect(writers).toEqual([sessions])
  })

  test("no any, no !, and `as` at stated seams only", () => {
    const wrong = sources.flatMap(s => looseTypes(s).map(line => `${s.path}:${line}`))
    expect(wrong).toEqual([])
    expect(Object.keys(seams).filter(path => !byPath.has(path))).toEqual([])
  })

  test("files have names that say something, and stay small", () => {
    const vague = /(^|[/-])(utils?|helpers?|services?|managers?|misc|common|index)\.(server\.)?tsx?$/
    expect(sources.map(s => s.path).filter(path => vague.test(path))).toEqual([])
    const limits = [
      { under: "app/routes/", lines: 120 },
      { under: "app/domain/", lines: 220 },
      { under: "app/platform/", lines: 260 },
    ]
    const long = sources.flatMap(({ path, text }) => {
      const lines = text.split("\n").length
      const limit = limits.find(l => path.startsWith(l.under))
      return limit && lines > limit.lines ? [`${path}: ${lines} lines`] : []
    })
    expect(long).toEqual([])
  })

  test("the top level holds what it should", () => {
    const expected = [
      "Dockerfile",
      "LICENSE",
      "README.md",
      "app",
      "docs",
      "fly.toml",
      "package.json",
      "prisma",
      "public",
      "server.ts",
      "tests",
      "tsconfig.json",
    ]
    const machinery =
      /^(\.|node_modules$|build$|package-lock\.json$|[\w.]+\.config\.ts$|biome\.json$|data$|\w+\.cpuprofile$)/
    expect(
      readdirSync(root)
        .filter(name => !machinery.test(name))
        .sort(),
    ).toEqual(expected)
  })
})

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? listFiles(path) : [path]
  })
}

function read(file: string): Source {
  const text = readFileSync(file, "utf8")
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const imports = ts
    .preProcessFile(text, true, true)
    .importedFiles.flatMap(({ fileName }) => resolveImport(file, fileName))
  return { path: relative(root, file), text, imports, tree }
}

function resolveImport(from: string, name: string): string[] {
  const plain = name.replace(/\?.*$/, "")
  if (plain.includes("prisma/generated")) return ["prisma/generated"]
  const base = plain.startsWith("~/")
    ? join(app, plain.slice(2))
    : plain.startsWith(".")
      ? resolve(dirname(from), plain)
      : ""
  if (!base) return []
  const found = ["", ".ts", ".tsx"].map(end => base + end).find(path => ts.sys.fileExists(path))
  return found?.startsWith(app) && /\.tsx?$/.test(found) ? [relative(root, found)] : []
}

function edges(): [string, string][] {
  return sources.flatMap(s => s.imports.map((to): [string, string] => [s.path, to]))
}

const isUnder = (path: string, folder: string) => path.startsWith(`app/${folder}/`)
const isStart = (path: string) => /^app\/(start|jobs)\.server\.ts$|^app\/commands\//.test(path)

function floorOf(path: string): number {
  const folder = /^app\/([^/]+)\//.exec(path)?.[1]
  if (folder === "styles" || folder === undefined)
    return isStart(path) ? 0 : path === "prisma/generated" ? 4 : 1
  const name =
    { commands: "start", http: "http and components", components: "http and components" }[folder] ?? folder
  const floor = floors.map(String).indexOf(name)
  if (floor < 0) throw new Error(`app/${folder} is on no floor.`)
  return floor
}

function areaOf(path: string): number | undefined {
  const area = /^app\/domain\/([^/]+)\//.exec(path)?.[1]
  return area === undefined ? undefined : areas.map(String).indexOf(area)
}

/** Remix strips loaders and actions from the browser's part of routes and root; messages are rendered by the server. */
function mayImportServer(path: string): boolean {
  return /^app\/(routes\/|root\.tsx|start|commands\/)/.test(path)
}

function circles(): string[] {
  const state = new Map<string, "open" | "done">()
  const found: string[] = []
  const visit = (path: string, trail: string[]) => {
    if (state.get(path) === "done") return
    if (state.get(path) === "open") {
      found.push([...trail.slice(trail.indexOf(path)), path].join(" → "))
      return
    }
    state.set(path, "open")
    for (const next of byPath.get(path)?.imports ?? []) visit(next, [...trail, path])
    state.set(path, "done")
  }
  for (const { path } of sources) visit(path, [])
  return found
}

function exportsOf(tree: ts.SourceFile): string[] {
  return tree.statements.flatMap(statement => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    if (!modifiers.some(m => m.kind === ts.SyntaxKind.ExportKeyword)) return []
    if (modifiers.some(m => m.kind === ts.SyntaxKind.DefaultKeyword)) return ["default"]
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(d => d.name.getText())
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
      return [statement.name?.text ?? ""]
    return ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)
      ? []
      : ["something else"]
  })
}

function looseTypes(source: Source): string[] {
  const found: string[] = []
  const note = (node: ts.Node, what: string) => {
    const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart())
    found.push(`${line + 1} ${what}`)
  }
  const visit = (node: ts.Node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) note(node, "any")
    if (ts.isNonNullExpression(node)) note(node, "!")
    if (ts.isAsExpression(node) && node.type.getText() !== "const" && !(source.path in seams))
      note(node, "as")
    ts.forEachChild(node, visit)
  }
  visit(source.tree)
  return found
}

function show([from, to]: [string, string]): string {
  return `${from} → ${to}`
}
