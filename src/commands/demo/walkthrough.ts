import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { SentObject } from './apply-object.ts'

/** A Pod as its author writes it. */
interface Pod extends SentObject {
  readonly spec: { readonly imagePullSecrets?: readonly { readonly name: string }[] }
}

/** The Pod of the walkthrough, right and in each way that the walkthrough says it can go wrong. */
export function walkthroughPods(examples: string): { readonly title: string; readonly pod: Pod }[] {
  const pod: Pod = parse(readFileSync(`${examples}private-reg-pod.yaml`, 'utf8'))
  const naming = (name: string): Pod => ({ ...pod, spec: { ...pod.spec, imagePullSecrets: [{ name }] } })
  const { imagePullSecrets: _, ...without } = pod.spec
  return [
    { title: 'The Pod as it is', pod },
    { title: 'The name of the secret misspelt', pod: naming('regcerd') },
    {
      title: 'In another namespace than its secret, one that enforces',
      pod: { ...pod, metadata: { ...pod.metadata, namespace: 'awesomeapps' } },
    },
    { title: 'With an Opaque secret', pod: naming('regcred-opaque') },
    { title: 'Without imagePullSecrets', pod: { ...pod, spec: without } },
  ]
}
