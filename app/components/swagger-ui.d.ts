declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  type Request = { url: string; headers: Record<string, string> }
  type Options = {
    domNode: HTMLElement
    url: string
    layout?: string
    /** Parts of its own that are to be drawn by others, by name. */
    plugins?: { components: Record<string, unknown>; wrapComponents: Record<string, unknown> }[]
    defaultModelExpandDepth?: number
    requestInterceptor?: (request: Request) => Request
    onComplete?: () => void
  }
  export default function show(options: Options): unknown
}
