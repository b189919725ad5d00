import { describe, expect, it } from 'vitest';
import { NativeFlow } from '#shared/domain/message-content.ts';
import { renderButtons, renderList } from '#shared/domain/render-menu.ts';

const paramsOf = (native: NativeFlow) =>
  NativeFlow.parse(native).buttons.map(({ name, params }) => [name, JSON.parse(params)]);

describe('renderList', () => {
  it('renders the list of the page', () => {
    const { text, choices, native } = renderList({
      buttonText: 'Button Text',
      text: 'Middle Text',
      title: 'Head Title',
      footer: 'Footer Description',
      sections: [
        {
          title: 'title',
          rows: [{ title: 'Title Option 1', description: 'Option Description', id: 'string' }],
        },
      ],
    });
    expect(text).toBe(
      [
        '*Head Title*\nMiddle Text',
        'Button Text:',
        '*title*\n1. Title Option 1: Option Description',
        '_Footer Description_',
      ].join('\n\n'),
    );
    expect(choices).toEqual([{ id: 'string', title: 'Title Option 1' }]);
    expect(native).toMatchObject({
      title: 'Head Title',
      body: 'Middle Text',
      footer: 'Footer Description',
    });
    const row = {
      header: '',
      title: 'Title Option 1',
      description: 'Option Description',
      id: 'string',
    };
    expect(paramsOf(native)).toEqual([
      ['single_select', { title: 'Button Text', sections: [{ title: 'title', rows: [row] }] }],
    ]);
  });

  it('numbers the options through all sections', () => {
    const rows = (...ids: string[]) => ids.map((id) => ({ id, title: id.toUpperCase() }));
    const sections = [{ title: 'Hot', rows: rows('a', 'b') }, { rows: rows('c') }];
    const { text, choices } = renderList({ text: 'Drinks', sections });
    expect(text).toBe('Drinks\n\n*Hot*\n1. A\n2. B\n\n3. C');
    expect(choices.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('keeps marks on one line, where alone they hold', () => {
    const rows = [{ id: 'a', title: 'A' }];
    const sections = [{ title: 'one\ntwo', rows }];
    const { text } = renderList({ title: 'a\n\nb', text: 'x\ny', footer: 'c\nd', sections });
    expect(text).toBe('*a b*\nx\ny\n\n*one two*\n1. A\n\n_c d_');
  });
});

describe('renderButtons', () => {
  it('renders the buttons of the page', () => {
    const { text, choices, native } = renderButtons({
      text: 'title Head',
      footer: 'title footer',
      buttons: [
        { kind: 'reply', id: '1', title: 'Reply this text (REPLY)' },
        { kind: 'url', title: 'Click me (URL)', url: 'https://google.com' },
        { kind: 'call', title: 'Click to call (CALL)', phone: '918788889688' },
      ],
    });
    expect(text).toBe(
      [
        'title Head',
        '1. Reply this text (REPLY)\nClick me (URL): https://google.com\nClick to call (CALL): +918788889688',
        '_title footer_',
      ].join('\n\n'),
    );
    expect(choices).toEqual([{ id: '1', title: 'Reply this text (REPLY)' }]);
    expect(native).toMatchObject({ body: 'title Head', footer: 'title footer' });
    const url = 'https://google.com';
    expect(paramsOf(native)).toEqual([
      ['quick_reply', { display_text: 'Reply this text (REPLY)', id: '1' }],
      ['cta_url', { display_text: 'Click me (URL)', url, merchant_url: url }],
      ['cta_call', { display_text: 'Click to call (CALL)', phone_number: '+918788889688' }],
    ]);
  });

  it('numbers those alone that reply', () => {
    const { text, choices } = renderButtons({
      text: 'Head',
      buttons: [
        { kind: 'url', title: 'Site', url: 'https://a.example' },
        { kind: 'reply', id: 'y', title: 'Yes' },
        { kind: 'reply', id: 'n', title: 'No' },
      ],
    });
    expect(text).toBe('Head\n\nSite: https://a.example\n1. Yes\n2. No');
    expect(choices.map(({ id }) => id)).toEqual(['y', 'n']);
  });
});
