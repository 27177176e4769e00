import type { ExternalDriver, RequestPlan } from '../../plan/plan.ts'

/** The Debian package of each external driver, whose program has the driver's name. */
export const packages: Readonly<Record<ExternalDriver, string>> = {
  wrk: 'wrk',
  h2load: 'nghttp2-client',
}

/** What is sent, and where to. */
export interface ExternalRequest {
  readonly request: RequestPlan
  /** The address of a target that runs already; other targets are on this host, over http. */
  readonly url?: string | undefined
  readonly insecure?: boolean | undefined
}

/** Why an external driver cannot send a request, and what to do; undefined where it can. */
export function refusal(
  driver: ExternalDriver,
  { request, url, insecure = false }: ExternalRequest,
): { readonly why: string; readonly remedy: string } | undefined {
  if (request.method === 'HEAD') {
    return {
      why: `${driver} cannot send HEAD: it waits for the body that the response announces`,
      remedy: 'use --method GET, or --driver lean',
    }
  }
  if (url?.startsWith('https:') && !insecure) {
    return {
      why: `${driver} does not check certificates`,
      remedy: 'use --insecure to accept any, or --driver lean',
    }
  }
  return undefined
}
