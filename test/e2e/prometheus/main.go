// Answers as Prometheus does: one question a line on stdin, one answer a line on stdout, both JSON.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if err := answers.Encode(answerTo(context.Background(), q)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}

// question asks one of these: are the rules well-formed; what does the expression name; what does it give over some data.
type question struct {
	// Rules is a rule file.
	Rules string `json:"rules"`
	// Expr is an expression.
	Expr string `json:"expr"`
	// Load is data as promtool's tests have it, e.g. "load 1m\n  up 0+1x10"; Expr is evaluated Minutes after its begin.
	Load    string `json:"load"`
	Minutes int    `json:"minutes"`
}

type answer struct {
	Errors []string `json:"errors"`
	// Selectors are the metrics that Expr names, each with the labels that it asks for.
	Selectors []selector `json:"selectors"`
	// Samples are what Expr gives: the labels of each sample.
	Samples []map[string]string `json:"samples"`
}

type selector struct {
	Metric string   `json:"metric"`
	Labels []string `json:"labels"`
}

var language = parser.NewParser(parser.Options{})

func answerTo(ctx context.Context, q question) answer {
	switch {
	case q.Rules != "":
		return checkRules(q.Rules)
	case q.Load != "":
		return evaluate(ctx, q)
	default:
		return parse(q.Expr)
	}
}

func checkRules(rules string) answer {
	silent := slog.New(slog.DiscardHandler)
	_, errs := rulefmt.Parse([]byte(rules), false, model.UTF8Validation, language, silent)
	return fail(errs...)
}

func parse(expr string) answer {
	tree, err := language.ParseExpr(expr)
	if err != nil {
		return fail(err)
	}
	a := answer{}
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		vector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		s := selector{Labels: []string{}}
		for _, matcher := range vector.LabelMatchers {
			if matcher.Name == labels.MetricName {
				s.Metric = matcher.Value
			} else {
				s.Labels = append(s.Labels, matcher.Name)
			}
		}
		slices.Sort(s.Labels)
		a.Selectors = append(a.Selectors, s)
		return nil
	})
	return a
}

func evaluate(ctx context.Context, q question) answer {
	data, err := promqltest.NewLazyLoader(q.Load, promqltest.LazyLoaderOpts{
		EnableAtModifier:     true,
		EnableNegativeOffset: true,
	})
	if err != nil {
		return fail(err)
	}
	defer data.Close()
	at := time.Unix(0, 0).UTC().Add(time.Duration(q.Minutes) * time.Minute)
	a := answer{}
	data.WithSamplesTill(at, func(err error) {
		if err != nil {
			a = fail(err)
			return
		}
		query, err := data.QueryEngine().NewInstantQuery(ctx, data.Queryable(), nil, q.Expr, at)
		if err != nil {
			a = fail(err)
			return
		}
		defer query.Close()
		result := query.Exec(ctx)
		vector, err := result.Vector()
		if err != nil {
			a = fail(err)
			return
		}
		a.Samples = describe(vector)
	})
	return a
}

func describe(vector promql.Vector) []map[string]string {
	samples := []map[string]string{}
	for _, sample := range vector {
		samples = append(samples, sample.Metric.Map())
	}
	return samples
}

func fail(errs ...error) answer {
	a := answer{Errors: []string{}}
	for _, err := range errs {
		a.Errors = append(a.Errors, err.Error())
	}
	return a
}
