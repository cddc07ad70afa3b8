/* What messages advise, as it stands there; test/e2e/advice follows it. */

export const created = (name: string, where: string): string =>
  `correct the name, or create it: kubectl create secret docker-registry ${name} --namespace ${where} --from-file=.dockerconfigjson=FILE`

export const recreated = (name: string, where: string, from = '--from-file=.dockerconfigjson=FILE'): string =>
  `recreate it: kubectl create secret docker-registry ${name} --namespace ${where} ${from} --dry-run=client -o yaml | kubectl replace --force -f -`

export const recreatedFromLogin = (name: string, where: string): string =>
  recreated(name, where, '--docker-server=SERVER --docker-username=USER --docker-password=PASSWORD')

/** Where the list of a Pod is that somebody made. */
export const listOfPod = (where: string): string =>
  `spec.imagePullSecrets, then: kubectl replace --force --namespace ${where} -f FILE`
