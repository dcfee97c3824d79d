package latchhook

import (
	"context"
	"fmt"
	"iter"
	"net/url"

	"latchhook.example/latchhook/api"
)

// Iterate yields each row of a list; a page is asked for when its first row is. An error is the last that is
// yielded, with no row.
//
//	for webhook, err := range latchhook.Iterate(ctx, client.GetWebhooks, api.GetWebhooksParams{}) {
func Iterate[Params, Row any](
	ctx context.Context,
	fetch func(context.Context, Params, ...api.Option) (*api.Page[Row], error),
	params Params,
	options ...api.Option,
) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var none Row
		following := options
		for {
			page, err := fetch(ctx, params, following...)
			if err != nil {
				yield(none, err)
				return
			}
			for _, row := range page.Data {
				if !yield(row, nil) {
					return
				}
			}
			if page.NextHref == nil {
				return
			}
			cursor, err := cursorOf(*page.NextHref)
			if err != nil {
				yield(none, err)
				return
			}
			following = append(options[:len(options):len(options)], cursor)
		}
	}
}

func cursorOf(href string) (api.Option, error) {
	next, err := url.Parse(href)
	if err != nil {
		return nil, fmt.Errorf("the address of the next page: %w", err)
	}
	cursor := next.Query().Get("cursor")
	return func(call *api.Call) { call.Query.Set("cursor", cursor) }, nil
}
