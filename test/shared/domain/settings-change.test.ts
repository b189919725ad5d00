import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultSettings, Settings } from '#shared/domain/settings.ts';
import { decideChange, type SettingsChange } from '#shared/domain/settings-change.ts';

/** Any subset of the fields, `active_hours` always with both of its ends or none. */
const change = fc.record(
  {
    bot_name: fc.string(),
    bot_timezone: fc.constantFrom('+1', 'Africa/Harare'),
    bot_lang: fc.constantFrom('en', 'pt-BR'),
    default_msg: fc.string(),
    actions: fc.record(
      {
        send_default_msg: fc.boolean(),
        reply_group_msgs: fc.boolean(),
        multi_device: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    active_days: fc.record({ monday: fc.boolean(), sunday: fc.boolean() }, { requiredKeys: [] }),
    active_hours: fc.constantFrom({ from: 'always', to: 'always' }, { from: '22:00', to: '05:00' }),
  },
  { requiredKeys: [] },
);

function applied(settings: Settings, wanted: SettingsChange): Settings {
  const decision = decideChange(settings, wanted);
  if (decision.kind === 'refused') throw new Error(decision.fault.message);
  return decision.kind === 'changed' ? decision.settings : settings;
}

it('sets what the change says, keeps what it does not, and stays within the schema', () => {
  fc.assert(
    fc.property(change, (wanted) => {
      const before = defaultSettings();
      const after = Settings.parse(applied(before, wanted));
      expect(after).toMatchObject(wanted);
      expect(after).toEqual({
        ...before,
        ...wanted,
        actions: { ...before.actions, ...wanted.actions },
        active_days: { ...before.active_days, ...wanted.active_days },
      });
      expect(before).toEqual(defaultSettings());
    }),
  );
});

it('knows a change from none: the same change again changes nothing', () => {
  fc.assert(
    fc.property(change, change, (first, second) => {
      const settings = applied(applied(defaultSettings(), first), second);
      expect(decideChange(settings, second)).toEqual({ kind: 'same' });
    }),
  );
});

it('lets changes of different fields come in any order', () => {
  fc.assert(
    fc.property(change, fc.boolean(), ({ actions = {}, ...others }, saturday) => {
      const changes = [{ actions }, others, { active_days: { ...others.active_days, saturday } }];
      const inOrder = changes.reduce(applied, defaultSettings());
      expect(changes.toReversed().reduce(applied, defaultSettings())).toEqual(inOrder);
    }),
  );
});

it('judges the active hours as they would be, whichever end is changed', () => {
  const always = defaultSettings();
  expect(decideChange(always, { active_hours: { from: '05:00' } })).toMatchObject({
    kind: 'refused',
    fault: { path: 'to' },
  });

  const atNight = applied(always, { active_hours: { from: '22:00', to: '05:00' } });
  expect(applied(atNight, { active_hours: { from: '23:00' } }).active_hours).toEqual({
    from: '23:00',
    to: '05:00',
  });
  expect(decideChange(atNight, { active_hours: { from: '05:00' } }).kind).toBe('refused');
  expect(decideChange(atNight, { active_hours: { to: 'always' } }).kind).toBe('refused');
});

it('leaves hours alone that are as they are, whatever else changes', () => {
  const odd = { ...defaultSettings(), active_hours: { from: 'dawn', to: 'dusk' } };

  expect(decideChange(odd, { bot_name: 'x' }).kind).toBe('changed');
});
