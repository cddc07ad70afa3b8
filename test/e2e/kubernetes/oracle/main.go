// Command oracle says what the kubelet does with pull secrets, by calling the kubelet's own packages.
//
// It reads one case a line on stdin and answers each with one line on stdout; both are JSON (see testCase and answer).
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"reflect"
	"slices"
	"strings"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider/secrets"
	"k8s.io/kubernetes/pkg/util/parsers"
)

type testCase struct {
	Secrets []struct {
		Type v1.SecretType     `json:"type"`
		Data map[string][]byte `json:"data"`
	} `json:"secrets"`
	Image string `json:"image"`
}

type answer struct {
	// Repo is the normalised image name; absent if the kubelet cannot parse the name.
	Repo string `json:"repo,omitempty"`
	// ImageFault is why the kubelet cannot parse the name, without the name.
	ImageFault string `json:"imageFault,omitempty"`
	// Secrets are judged one by one, in the order of the case.
	Secrets []verdict `json:"secrets"`
	// Matches are in the order in which the kubelet tries them; absent if there is no image name or no keyring.
	Matches []match `json:"matches,omitempty"`
}

type verdict struct {
	// Kind is pullSecret, malformed or wrongType.
	Kind string `json:"kind"`
	// Fault is the kind of a malformed Secret's error: syntax, type, base64 or colon.
	Fault   string  `json:"fault,omitempty"`
	Entries []entry `json:"entries,omitempty"`
}

type entry struct {
	Key    string `json:"key"`
	Usable bool   `json:"usable"`
	// Parsed is what the keyring compares with an image: index, host, port and path, a character for a byte. It is absent
	// if the keyring leaves the key out or fails on it whenever it looks for an image.
	Parsed []string `json:"parsed,omitempty"`
}

type match struct {
	Secret int    `json:"secret"`
	Key    string `json:"key"`
	Usable bool   `json:"usable"`
	// Index is what the keyring sorts by. Go leaves open in which order two keys of one Secret come that share it.
	Index string `json:"index"`
}

func main() {
	// The keyring logs every key that it leaves out; a logger without a sink drops it.
	klog.SetLogger(klog.New(nil))
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		var c testCase
		if err := json.Unmarshal(line, &c); err != nil {
			log.Fatal(err)
		}
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(judge(c)); err != nil {
			log.Fatal(err)
		}
		if err := out.Flush(); err != nil {
			log.Fatal(err)
		}
	}
}

func judge(c testCase) answer {
	pullSecrets := make([]v1.Secret, len(c.Secrets))
	result := answer{Secrets: make([]verdict, len(c.Secrets))}
	for i, secret := range c.Secrets {
		pullSecrets[i] = v1.Secret{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint(i)}, Type: secret.Type, Data: secret.Data}
		result.Secrets[i] = judgeSecret(pullSecrets[i])
	}
	repo, _, _, err := parsers.ParseImageName(c.Image)
	if err != nil {
		result.ImageFault = imageFault(err, c.Image)
		return result
	}
	result.Repo = repo
	keyring, err := secrets.MakeDockerKeyring(pullSecrets, &credentialprovider.BasicDockerKeyring{})
	if err != nil {
		return result
	}
	found, _ := keyring.Lookup(repo)
	result.Matches = attribute(found, pullSecrets, repo)
	return result
}

func judgeSecret(secret v1.Secret) verdict {
	keyring, err := secrets.MakeDockerKeyring([]v1.Secret{secret}, nil)
	if err != nil {
		return verdict{Kind: "malformed", Fault: fault(err)}
	}
	if keyring == nil {
		return verdict{Kind: "wrongType"}
	}
	result := verdict{Kind: "pullSecret"}
	for key, cfg := range readConfig(secret) {
		result.Entries = append(result.Entries, entry{key, cfg.Username != "", parse(key)})
	}
	slices.SortFunc(result.Entries, func(a, b entry) int { return strings.Compare(a.Key, b.Key) })
	return result
}

// imageFault leaves out the name, and the part of it in parentheses.
func imageFault(err error, image string) string {
	reason := strings.TrimPrefix(err.Error(), fmt.Sprintf("couldn't parse image name %q: ", image))
	begin, end := strings.Index(reason, " ("), strings.LastIndex(reason, ")")
	if begin < 0 || end < begin {
		return reason
	}
	return reason[:begin] + reason[end+1:]
}

func fault(err error) string {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	var encoding base64.CorruptInputError
	switch {
	case errors.As(err, &syntax):
		return "syntax"
	case errors.As(err, &wrongType):
		return "type"
	case errors.As(err, &encoding):
		return "base64"
	case strings.HasPrefix(err.Error(), "unable to parse auth field"):
		return "colon"
	}
	log.Fatal(err)
	return ""
}

// readConfig reads a Secret of which MakeDockerKeyring has said that it uses it; nil if it skips it.
func readConfig(secret v1.Secret) credentialprovider.DockerConfig {
	var err error
	var config credentialprovider.DockerConfigJSON
	switch secret.Type {
	case v1.SecretTypeDockerConfigJson:
		err = json.Unmarshal(secret.Data[v1.DockerConfigJsonKey], &config)
	case v1.SecretTypeDockercfg:
		err = json.Unmarshal(secret.Data[v1.DockerConfigKey], &config.Auths)
	}
	if err != nil {
		log.Fatal(err)
	}
	return config.Auths
}

// attribute says of which Secret and key each credential is. The kubelet's keyring forgets the key, and up to 1.32 the
// Secret as well, so a second keyring is filled by the same Add, with both in the place of the e-mail address. What it finds
// has to be what the first one found.
func attribute(found []auth, pullSecrets []v1.Secret, repo string) []match {
	keyring := &credentialprovider.BasicDockerKeyring{}
	for number, secret := range pullSecrets {
		if judgeSecret(secret).Kind != "pullSecret" {
			continue
		}
		config := readConfig(secret)
		for key, cfg := range config {
			cfg.Email = fmt.Sprintf("%d %s", number, key)
			config[key] = cfg
		}
		add(keyring, config)
	}
	named, _ := keyring.Lookup(repo)
	if len(named) != len(found) {
		log.Fatal("the two keyrings differ in what they find")
	}
	result := make([]match, len(named))
	for i, credentials := range named {
		prefix, key, _ := strings.Cut(credentials.Email, " ")
		if name, isKnown := secretOf(found[i]); isKnown && name != prefix {
			log.Fatal("the two keyrings differ in their order")
		}
		var number int
		fmt.Sscan(prefix, &number)
		index, _ := indexOf(key)
		result[i] = match{number, key, credentials.Username != "", bytesOf(index)}
	}
	for start := 0; start < len(result); {
		end := start + 1
		for end < len(result) && result[end].Secret == result[start].Secret && result[end].Index == result[start].Index {
			end++
		}
		if !sameUsers(named[start:end], found[start:end]) {
			log.Fatal("the two keyrings differ in their credentials")
		}
		slices.SortFunc(result[start:end], func(a, b match) int { return strings.Compare(a.Key, b.Key) })
		start = end
	}
	return result
}

func parse(key string) []string {
	index, kept := indexOf(key)
	if !kept {
		return nil
	}
	location, err := credentialprovider.ParseSchemelessURL(index)
	if err != nil {
		return nil
	}
	parts, port := credentialprovider.SplitURL(location)
	return []string{bytesOf(index), bytesOf(strings.Join(parts, ".")), port, bytesOf(location.Path)}
}

// indexOf reads the index of a keyring that holds this key alone.
func indexOf(key string) (index string, kept bool) {
	keyring := &credentialprovider.BasicDockerKeyring{}
	add(keyring, credentialprovider.DockerConfig{key: {}})
	list := reflect.ValueOf(keyring).Elem().FieldByName("index")
	if list.Len() == 0 {
		return "", false
	}
	return list.Index(0).String(), true
}

// bytesOf gives each byte a character of its own, so that JSON can hold what is not UTF-8.
func bytesOf(text string) string {
	characters := make([]rune, len(text))
	for i := range len(text) {
		characters[i] = rune(text[i])
	}
	return string(characters)
}

func sameUsers(a, b []auth) bool {
	users := func(auths []auth) []string {
		result := make([]string, len(auths))
		for i, auth := range auths {
			result[i] = auth.Username + "\x00" + auth.Password
		}
		slices.Sort(result)
		return result
	}
	return slices.Equal(users(a), users(b))
}
