/** Which cluster is asked, about which of its namespaces, and for how long. */
export interface AskFlags {
  readonly namespace?: string
  readonly context?: string
  readonly kubeconfig?: string
  /** Milliseconds. */
  readonly requestTimeout: number
}
