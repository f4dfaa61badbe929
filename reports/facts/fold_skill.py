"""The skill of an audit's folds in words."""

from datasets.fold_skill import FoldSkill
from reports.words import counted, percent


def skill_sentence(skill: FoldSkill) -> str:
    """Returns how well the folds did on pictures that they had not learnt, and what follows for the suspects."""
    did = (
        f"the folds named {percent(skill.accuracy)} of the pictures right that they had not learnt "
        f"(always the largest class: {percent(skill.chance)})"
    )
    if not skill.is_enough:
        return f"{did}. That is too few to doubt a label by, so no label is listed"
    few = "1 label looks" if skill.suspect_count == 1 else f"{counted(skill.suspect_count, 'label')} look"
    left = skill.unjudged_count
    unjudged = f"; {counted(left, 'picture')} could not be judged, as each fold learnt a duplicate" if left else ""
    return f"{few} wrong; {did}{unjudged}"
