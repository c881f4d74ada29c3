declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  type Options = {
    domNode: HTMLElement
    url: string
    deepLinking?: boolean
    displayRequestDuration?: boolean
    defaultModelsExpandDepth?: number
    onComplete?: () => void
  }
  export default function show(options: Options): unknown
}
