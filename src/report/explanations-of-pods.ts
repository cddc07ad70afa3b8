import { type Explanation, podWith, pullSecret } from './explanation.ts'

const LOGIN = { username: 'jane', password: '…' }
/** `jane:` and a token that expired in 2001. */
const EXPIRED = { username: 'jane', password: 'e30.eyJleHAiOjEwMDAwMDAwMDB9.x' }

const LOOK = 'kubectl get events --field-selector involvedObject.name=web'

/** Findings about images, Pods and labels. */
export const OF_PODS = {
  ImageNotCovered: {
    cause: [
      'The Pod lists pull secrets, all of them can be read, and none has credentials for this image. The kubelet compares host, port and the beginning of the path, letter by letter; a Pod with a list of its own does not get that of its ServiceAccount.',
      'An image of a registry under `registries.private` will not be pulled (error). For other registries it is told only where the manifest itself shows that credentials were meant.',
    ],
    manifests: podWith(['regcred'], 'ghcr.io/acme/web', pullSecret('regcred', { 'ghcr.io/acmee': LOGIN })),
    says: 'Secret "regcred" is for "ghcr.io/acmee", not for "ghcr.io/acme/web"; write "ghcr.io/acme"',
    remedy: [
      { text: 'List a pull secret that has credentials for the registry, or correct the registry in the Secret.' },
      {
        text: 'If the nodes log in themselves, whoever owns the configuration lists the registry under `registries.node`; if nobody needs credentials there, under `registries.public`.',
      },
    ],
  },
  CredentialsExpired: {
    cause: [
      'Every entry for this image says when it expires (a token of ECR, of Google or Azure, a JWT), and that time has passed. What made the Secret has not renewed it.',
      'The registry refuses the pull. Images that are on the node already may go on working, until they are pulled again.',
    ],
    manifests: podWith(
      ['regcred'],
      'registry.example.com/web',
      pullSecret('regcred', { 'registry.example.com': EXPIRED }),
    ),
    says: 'the credentials for "registry.example.com" in Secret "regcred" expired at 2001-09-09T01:46:40Z, and "registry.example.com/web" is pulled with them; renew them: kubectl create secret docker-registry regcred --namespace default --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml',
    remedy: [
      {
        text: 'Look at what renews the Secret (a CronJob, External Secrets, an operator), and run it once. Pods that wait recover by themselves.',
      },
      {
        text: 'Credentials that last are a credential provider of the kubelet (ECR, GCR, ACR) or a robot account of the registry.',
      },
    ],
  },
  ImageInvalid: {
    cause: [
      'The name of the image is not valid: capitals in the path, a blank, a scheme, two tags. The kubelet answers `InvalidImageName` and tries nothing.',
    ],
    manifests: podWith([], 'ghcr.io/Acme/web'),
    says: 'image "ghcr.io/Acme/web" of container "web" is not a valid image name (invalid reference format: repository name must be lowercase); write "ghcr.io/acme/web"',
    remedy: [{ text: 'Write `host/path:tag` or `host/path@sha256:…`, the path in lower case and without `https://`.' }],
  },
  NotInjected: {
    cause: [
      'regcred should have added a pull secret to the Pod, and the Pod came to be without: the API server did not ask in time, or regcred was not there. `imagePullSecrets` of a Pod cannot be changed later.',
      'Only a cluster shows this.',
    ],
    manifests: '',
    says: 'regcred could not add pull secret "regcred" in time; recreate the Pod: kubectl replace --force --namespace default -f FILE',
    remedy: [
      {
        text: 'Delete the Pod; what owns it makes another, which gets the pull secret:',
        commands: ['kubectl delete pod web'],
      },
      {
        text: 'If it happens often, look at the metric `regcred_review_duration_seconds` and at the events of the Pod:',
        commands: [LOOK],
      },
    ],
  },
  LabelInvalid: {
    cause: [
      'A label of regcred on the Namespace has a value that does not exist. It counts as not set, so that what it was to change stays as it was.',
    ],
    manifests: `apiVersion: v1
kind: Namespace
metadata: {name: team-a, labels: {regcred.dev/mode: enforced}}`,
    says: 'label regcred.dev/mode has the unknown value "enforced" and is ignored; did you mean "enforce"?',
    remedy: [
      {
        text: 'Set it to a value that exists:',
        commands: ['kubectl label namespace team-a regcred.dev/mode=enforce --overwrite'],
      },
    ],
  },
} as const satisfies Readonly<Record<string, Explanation>>
