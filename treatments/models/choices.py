"""The fixed lists of words that records are described with; see docs/data-model.md."""

from django.db.models import TextChoices


class TreatmentKind(TextChoices):
    SMALL_MOLECULE = "small_molecule", "Small molecule"
    BIOLOGIC = "biologic", "Biologic"
    BLOOD_PRODUCT = "blood_product", "Blood product"
    CELL_THERAPY = "cell_therapy", "Cell therapy"
    PROCEDURE = "procedure", "Procedure"
    PHYSICAL = "physical", "Physical therapy"
    TOPICAL = "topical", "Topical therapy"
    COMBINATION = "combination", "Combination"
    CLASS = "class", "Class"


class TreatmentStage(TextChoices):
    CONVENTIONAL = "conventional", "Conventional"
    REDISCOVERED_CLASSIC = "rediscovered_classic", "Rediscovered classic"
    ESTABLISHED = "established", "Established"
    EMERGING = "emerging", "Emerging"
    INVESTIGATIONAL = "investigational", "Investigational"
    DISCONTINUED = "discontinued", "Discontinued"


class KnownOrNot(TextChoices):
    """Yes or no where a source says so; "unknown" is never read as "no"."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Unknown"


class MechanismKind(TextChoices):
    PATHWAY = "pathway", "Pathway"
    TARGET = "target", "Target"
    PROCESS = "process", "Process"


class MechanismAction(TextChoices):
    """What a treatment does to a mechanism."""

    INHIBITS = "inhibits", "Inhibits"
    BLOCKS = "blocks", "Blocks"
    NEUTRALIZES = "neutralizes", "Neutralizes"
    DEPLETES = "depletes", "Depletes"
    REMOVES = "removes", "Removes"
    MODULATES = "modulates", "Modulates"
    STIMULATES = "stimulates", "Stimulates"


class InteractionEffect(TextChoices):
    """What one mechanism does to the next."""

    ACTIVATES = "activates", "Activates"
    PRODUCES = "produces", "Produces"
    INHIBITS = "inhibits", "Inhibits"
    DAMAGES = "damages", "Damages"


class AutoantibodyKind(TextChoices):
    SPECIFICITY = "specificity", "Single specificity"
    CLASS = "class", "Class"


class AutoantibodyGroup(TextChoices):
    DM_SPECIFIC = "dm_specific", "Dermatomyositis-specific"
    ANTISYNTHETASE = "antisynthetase", "Antisynthetase"
    MYOSITIS_ASSOCIATED = "myositis_associated", "Myositis-associated"
    NONE = "none", "No myositis-specific antibody"


class Population(TextChoices):
    ADULT = "adult", "Adult"
    JUVENILE = "juvenile", "Juvenile"
    MIXED = "mixed", "Adult and juvenile"


class Better(TextChoices):
    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class PublicationType(TextChoices):
    RANDOMIZED_TRIAL = "randomized_trial", "Randomized trial"
    OPEN_LABEL_TRIAL = "open_label_trial", "Open-label trial"
    COHORT = "cohort", "Cohort study"
    CASE_SERIES = "case_series", "Case series"
    CASE_REPORT = "case_report", "Case report"
    META_ANALYSIS = "meta_analysis", "Meta-analysis"
    SYSTEMATIC_REVIEW = "systematic_review", "Systematic review"
    REVIEW = "review", "Review"
    GUIDELINE = "guideline", "Guideline"
    REGISTRY = "registry", "Registry record"
    LABEL = "label", "Label"
    NEWS_REPORT = "news_report", "News report"


class RetractionStatus(TextChoices):
    """What is known about the standing of a publication."""

    NONE_RECORDED = "none_recorded", "None recorded"
    CORRECTED = "corrected", "Corrected"
    EXPRESSION_OF_CONCERN = "expression_of_concern", "Expression of concern"
    RETRACTED = "retracted", "Retracted"


class CandidateStatus(TextChoices):
    NEW = "new", "New"
    REFERENCE = "reference", "Turned into a reference"
    DISMISSED = "dismissed", "Dismissed"


class TrialPhase(TextChoices):
    PHASE_1 = "1", "Phase 1"
    PHASE_1_2 = "1/2", "Phase 1/2"
    PHASE_2 = "2", "Phase 2"
    PHASE_2_3 = "2/3", "Phase 2/3"
    PHASE_3 = "3", "Phase 3"
    PHASE_4 = "4", "Phase 4"


class TrialStatus(TextChoices):
    UNKNOWN = "unknown", "Status not seen"
    NOT_YET_RECRUITING = "not_yet_recruiting", "Not yet recruiting"
    RECRUITING = "recruiting", "Recruiting"
    ACTIVE = "active", "Active, not recruiting"
    COMPLETED = "completed", "Completed"
    SUSPENDED = "suspended", "Suspended"
    TERMINATED = "terminated", "Terminated"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Those whose results are still to come.
RUNNING_TRIALS = (TrialStatus.NOT_YET_RECRUITING, TrialStatus.RECRUITING, TrialStatus.ACTIVE)


class ClaimStatus(TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"
    RETRACTED = "retracted", "Retracted"


class CommentStep(TextChoices):
    """What somebody did with a claim when they said something of it."""

    SUBMIT = "submit", "Submitted"
    REQUEST_CHANGES = "request_changes", "Changes requested"


class Design(TextChoices):
    """The design of the study that the figures come from."""

    META_ANALYSIS = "meta_analysis", "Meta-analysis"
    RANDOMIZED_CONTROLLED_TRIAL = "randomized_controlled_trial", "Randomized controlled trial"
    CONTROLLED_TRIAL_NONRANDOMIZED = (
        "controlled_trial_nonrandomized",
        "Controlled trial, not randomized",
    )
    OPEN_LABEL_TRIAL = "open_label_trial", "Open-label trial"
    PROSPECTIVE_COHORT = "prospective_cohort", "Prospective cohort"
    RETROSPECTIVE_COHORT = "retrospective_cohort", "Retrospective cohort"
    CASE_CONTROL = "case_control", "Case-control study"
    CASE_SERIES = "case_series", "Case series"
    CASE_REPORT = "case_report", "Case report"
    EXPERT_OPINION = "expert_opinion", "Expert opinion"


class Analysis(TextChoices):
    """How an entry's figures relate to the design of its study; empty where nobody recorded it."""

    RANDOMIZED_COMPARISON = "randomized_comparison", "Randomized comparison"
    POST_HOC = "post_hoc", "Post hoc analysis"
    SUBGROUP = "subgroup", "Subgroup"
    BEFORE_AFTER = "before_after", "Before-after comparison"
    UNCONTROLLED_FOLLOW_UP = "uncontrolled_follow_up", "Uncontrolled follow-up"
    POOLED_ARMS = "pooled_arms", "Pooled arms"
    POOLED_WITH_EXTENSION = "pooled_with_extension", "Pooled with the extension phase"


class Aspect(TextChoices):
    EFFICACY = "efficacy", "Efficacy"
    SAFETY = "safety", "Safety"


class Direction(TextChoices):
    """Which way an entry points."""

    SUPPORTS = "supports", "Supports"
    MIXED = "mixed", "Mixed"
    NO_BENEFIT = "no_benefit", "No benefit"
    HARM = "harm", "Harm"
    INCONCLUSIVE = "inconclusive", "Inconclusive"


class Setting(TextChoices):
    FIRST_LINE = "first_line", "First line"
    REFRACTORY = "refractory", "Refractory disease"
    MAINTENANCE = "maintenance", "Maintenance"
    RESCUE = "rescue", "Rescue"
    ANY = "any", "Any setting"


class ResultKind(TextChoices):
    PROPORTION = "proportion", "Proportion"
    MEAN_CHANGE = "mean_change", "Mean change"
    MEDIAN_CHANGE = "median_change", "Median change"
    MEAN_DIFFERENCE = "mean_difference", "Mean difference"
    SURVIVAL = "survival", "Survival"
    RATE = "rate", "Rate"
    HAZARD_RATIO = "hazard_ratio", "Hazard ratio"
    ODDS_RATIO = "odds_ratio", "Odds ratio"
    RISK_RATIO = "risk_ratio", "Risk ratio"


class AssociationStrength(TextChoices):
    HALLMARK = "hallmark", "Hallmark"
    TYPICAL = "typical", "Typical"
    INCREASED = "increased", "Increased"
    UNCOMMON = "uncommon", "Uncommon"
    PROTECTIVE = "protective", "Protective"
    CONFLICTING = "conflicting", "Conflicting"


class AssociationEffectKind(TextChoices):
    ODDS_RATIO = "odds_ratio", "Odds ratio"
    RISK_RATIO = "risk_ratio", "Risk ratio"
    HAZARD_RATIO = "hazard_ratio", "Hazard ratio"
    STANDARDIZED_INCIDENCE_RATIO = (
        "standardized_incidence_ratio",
        "Standardized incidence ratio",
    )
    DIAGNOSTIC_ODDS_RATIO = "diagnostic_odds_ratio", "Diagnostic odds ratio"


class RecommendationDirection(TextChoices):
    FOR = "for", "For"
    AGAINST = "against", "Against"
    NO_RECOMMENDATION = "no_recommendation", "No recommendation made"


class RecommendationStrength(TextChoices):
    STRONG = "strong", "Strong"
    CONDITIONAL = "conditional", "Conditional"
    CONSENSUS = "consensus", "Consensus"
    NOT_SEEN = "not_seen", "Grade not seen"


class ChangeKind(TextChoices):
    """What can happen to something public: the first three to claims, the others to vocabulary and sources."""

    PUBLISHED = "published", "New claim"
    NEW_VERSION = "new_version", "New version"
    RETRACTED = "retracted", "Retraction"
    ADDED = "added", "Record added"
    CHANGED = "changed", "Record changed"
    RETIRED = "retired", "Record retired"
    REMOVED = "removed", "Record removed"


class RecordType(TextChoices):
    """What there is: claims, vocabulary and sources."""

    EVIDENCE = "evidence", "Evidence entry"
    PHENOTYPE_ASSOCIATION = "phenotype_association", "Phenotype association"
    RECOMMENDATION = "recommendation", "Recommendation"
    APPRAISAL = "appraisal", "Appraisal"
    TREATMENT = "treatment", "Treatment"
    MECHANISM = "mechanism", "Mechanism"
    MECHANISM_INTERACTION = "mechanism_interaction", "Mechanism interaction"
    AUTOANTIBODY = "autoantibody", "Autoantibody"
    MANIFESTATION = "manifestation", "Manifestation"
    OUTCOME_MEASURE = "outcome_measure", "Outcome measure"
    EVIDENCE_LEVEL = "evidence_level", "Evidence level"
    CERTAINTY_LEVEL = "certainty_level", "Certainty level"
    REFERENCE = "reference", "Reference"
    TRIAL = "trial", "Trial"


class ReleaseForm(TextChoices):
    """The files of a release."""

    YAML = "yaml", "YAML"
    JSON = "json", "JSON"
    CSV = "csv", "CSV"
    MANIFEST = "manifest", "Manifest"
